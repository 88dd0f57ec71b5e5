import { Hono } from 'hono';
import { member } from '../http/access.ts';
import type { AppEnv } from '../http/env.ts';
import { openApiDocument } from './document.ts';

/**
 * `/api/openapi.json`: the API description, for programs and their authors. Created at the first
 * request.
 */
export function openApiRoutes() {
  let document: string | undefined;
  return new Hono<AppEnv>().get('/openapi.json', member, (c) =>
    c.body((document ??= JSON.stringify(openApiDocument())), 200, { 'Content-Type': 'application/json' }),
  );
}
