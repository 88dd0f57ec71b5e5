import { serveStatic } from '@hono/node-server/serve-static';
import { etag, RETAINED_304_HEADERS } from 'hono/etag';
import { createMiddleware } from 'hono/factory';
import { carriesSession } from '../auth/session-cookie.ts';
import { preloadLinks } from './preload-links.ts';
import type { AppEnv } from '../http/env.ts';

/** Vite puts a content hash into the names in this folder, so they may be cached for ever. */
const HASHED_FOLDER = '/assets/';

/** The page of an item, and its id. */
const ITEM_PAGE = /^\/m\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/**
 * Serves the built single-page app, pre-compressed by its build. The client routes every path that
 * is no file. The page of an item that was merged into another leads a visitor with a session
 * there.
 */
export function staticFiles(directory: string, mergedInto: (id: string) => Promise<string | null>) {
  const files = serveStatic<AppEnv>({ root: directory, precompressed: true });
  const page = serveStatic<AppEnv>({ root: directory, path: 'index.html', precompressed: true });
  const links = preloadLinks(directory);
  // A file without a hash in its name is asked for again at each visit: unchanged, it has no body.
  const tagged = etag({ retainedHeaders: [...RETAINED_304_HEADERS, 'link'] });
  return createMiddleware<AppEnv>(async function staticFiles(c, next) {
    const [, item] = ITEM_PAGE.exec(c.req.path) ?? [];
    const merged = item !== undefined && carriesSession(c) ? await mergedInto(item) : null;
    if (merged !== null) {
      c.header('Cache-Control', 'no-store');
      return c.redirect(`/m/${merged}`, 302);
    }
    if (c.req.path.startsWith(HASHED_FOLDER)) {
      const file = await files(c, async () => {});
      if (!file) return next();
      file.headers.set('Cache-Control', 'public, max-age=31536000, immutable');
      return file;
    }
    const response = (await files(c, async () => {})) ?? (await page(c, async () => {}));
    if (!response) return next();
    const ahead = response.headers.get('Content-Type')?.startsWith('text/html') ? links(c) : null;
    if (ahead) response.headers.set('Link', ahead);
    response.headers.set('Cache-Control', 'no-cache');
    return tagged(c, async () => {
      c.res = response;
    });
  });
}
