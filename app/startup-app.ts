import { Hono } from 'hono';
import type { Logger } from 'pino';
import { healthRoutes } from './health/health.routes.ts';
import { AppError, renderError } from './http/errors.ts';
import type { AppEnv } from './http/env.ts';
import { requestLog } from './http/request-log.ts';
import { securityHeaders } from './http/security-headers.ts';
import { inlineScriptsOf } from './static/inline-scripts.ts';
import { staticFiles } from './static/static-files.ts';
import { unreadBody } from './http/unread-body.ts';

interface StartingOptions {
  revision: string;
  staticDir: string;
  production: boolean;
  /** The early page shows pictures from this origin. */
  mediaOrigin: string | null;
  logger: Logger;
}

const NOT_YET = 'The database has not answered yet.';

/**
 * Creates the app that answers before the database is connected. Serves `/api/health` and the page
 * as usual, the rest of the API with 503 and `Retry-After`. It opens no connection, so it answers
 * within the first tenth of a second.
 */
export function createStartingApp(options: StartingOptions) {
  const { revision, staticDir, production, mediaOrigin, logger } = options;
  const health = {
    revision,
    report: async () => ({
      ready: false,
      database: NOT_YET,
      storage: null,
      storageAdvice: null,
      textReader: null,
      backup: null,
      jobs: null,
      lastBackup: null,
    }),
  };
  return new Hono<AppEnv>()
    .onError(renderError)
    .use(requestLog(logger))
    .use(unreadBody())
    .use(securityHeaders(mediaOrigin, production, inlineScriptsOf(staticDir)))
    .route('/api', healthRoutes(health))
    .all('/api/*', () => {
      throw new AppError('unavailable', 'The server is starting. Try again in a moment.', {
        cause: new Error(NOT_YET),
      });
    })
    .get(
      '*',
      staticFiles(staticDir, () => Promise.resolve(null)),
    )
    .notFound((c) => c.text('Not found', 404));
}

/**
 * Tells whether an address has the same answer during the start; any other is worth waiting for.
 */
export const answeredWhileStarting = (path: string): boolean =>
  !path.startsWith('/api/') || path === '/api/health' || path === '/api/ready';
