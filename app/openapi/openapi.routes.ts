import { Hono } from 'hono';
import type { RouterRoute } from 'hono/types';
import { z } from 'zod';
import { open } from '../http/access.ts';
import type { AppEnv } from '../http/env.ts';

/**
 * `/api/openapi.json`: the API description of `app`, for programs and their authors. Loaded and
 * generated at the first request, so that the start does not pay for it.
 */
export function openApiRoutes(app: { routes: RouterRoute[] }) {
  let document: Promise<string> | undefined;
  return new Hono<AppEnv>().get(
    '/openapi.json',
    open({ summary: 'This description', scope: 'any', answers: { 200: z.looseObject({}) } }),
    async (c) => c.body(await (document ??= generate(app)), 200, { 'Content-Type': 'application/json' }),
  );
}

async function generate(app: { routes: RouterRoute[] }): Promise<string> {
  const { openApiDocument } = await import('./document.ts');
  return JSON.stringify(await openApiDocument(app));
}
