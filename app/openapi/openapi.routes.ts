import { Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import type { RouterRoute } from 'hono/types';
import { z } from 'zod';
import { open } from '../http/access.ts';
import { textCompression } from '../http/compression.ts';
import type { AppEnv } from '../http/env.ts';
import { validate } from '../http/validate.ts';
import { languageOf, PAGE_TEXTS, type PageLanguage } from '../i18n/page-texts.ts';
import { DOCS_CSS_SOURCE } from './docs.css.ts';

/** `GET /api/docs`: the language; without it, that of the browser. */
const docsQuery = z.object({ lang: z.enum(Object.keys(PAGE_TEXTS)).optional() });

/**
 * `/api/openapi.json` and `/api/docs`: the API description of `app`, for programs and for their
 * authors. Loaded and generated at the first request, so that the start does not pay for it.
 */
export function openApiRoutes(app: { routes: RouterRoute[] }, { production }: { production: boolean }) {
  let document: Promise<string> | undefined;
  const pages = new Map<PageLanguage, Promise<string>>();
  const pageIn = (language: PageLanguage): Promise<string> => {
    const page = pages.get(language) ?? generatePage(app, language);
    pages.set(language, page);
    return page;
  };
  return new Hono<AppEnv>()
    .get(
      '/openapi.json',
      open({ summary: 'This description', scope: 'any', answers: { 200: z.looseObject({}) } }),
      textCompression(),
      async (c) => c.body(await (document ??= generate(app)), 200, { 'Content-Type': 'application/json' }),
    )
    .get(
      '/docs',
      open({ summary: 'This description, to read', scope: 'any', answers: { 200: 'text/html' } }),
      docsHeaders(production),
      textCompression(),
      validate('query', docsQuery),
      async (c) => {
        const { lang } = c.req.valid('query');
        const language = languageOf(lang ?? c.req.header('accept-language'));
        c.header('Vary', 'Accept-Language', { append: true });
        c.header('Cache-Control', 'no-cache');
        return c.html(await pageIn(language));
      },
    );
}

/** The page runs no script and loads only its icon. Nobody frames it. */
const docsHeaders = (production: boolean) =>
  secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
      imgSrc: ["'self'"],
      styleSrc: [DOCS_CSS_SOURCE],
    },
    strictTransportSecurity: production ? 'max-age=31536000' : false,
    xFrameOptions: 'DENY',
    referrerPolicy: 'same-origin',
  });

async function generate(app: { routes: RouterRoute[] }): Promise<string> {
  const { openApiDocument } = await import('./document.ts');
  return JSON.stringify(await openApiDocument(app));
}

async function generatePage(app: { routes: RouterRoute[] }, language: PageLanguage): Promise<string> {
  const [{ openApiDocument }, { docsPage }] = await Promise.all([
    import('./document.ts'),
    import('./docs.html.ts'),
  ]);
  return String(await docsPage(await openApiDocument(app), language));
}
