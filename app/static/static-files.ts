import { serveStatic } from '@hono/node-server/serve-static';
import { createMiddleware } from 'hono/factory';
import { preloadLinks } from './preload-links.ts';
import type { AppEnv } from '../http/env.ts';

/** Vite puts a content hash into the names in this folder, so they may be cached for ever. */
const HASHED_FOLDER = '/assets/';

/**
 * Serves the built single-page app, pre-compressed by its build. The client routes every path that
 * is no file.
 */
export function staticFiles(directory: string) {
  const files = serveStatic<AppEnv>({ root: directory, precompressed: true });
  const page = serveStatic<AppEnv>({ root: directory, path: 'index.html', precompressed: true });
  const links = preloadLinks(directory);
  return createMiddleware<AppEnv>(async function staticFiles(c, next) {
    const hashed = c.req.path.startsWith(HASHED_FOLDER);
    const response = (await files(c, async () => {})) ?? (hashed ? undefined : await page(c, async () => {}));
    if (!response) return next();
    const ahead = response.headers.get('Content-Type')?.startsWith('text/html') ? links(c) : null;
    if (ahead) response.headers.set('Link', ahead);
    response.headers.set('Cache-Control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    return response;
  });
}
