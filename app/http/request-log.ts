import { randomUUID } from 'node:crypto';
import { createMiddleware } from 'hono/factory';
import type { Logger } from 'pino';
import type { AppEnv } from './env.ts';

/** A harmless request id of a proxy is kept, so that both logs can be joined. */
const REQUEST_ID = /^[\w.-]{8,64}$/;

/** Hides the secret that join, reset and share links carry in their path. */
const loggable = (path: string) =>
  path.replace(/^\/+(join|reset)\/.+/i, '/$1/…').replace(/^\/+(s|api\/+shares)\/+[^/]+/i, '/$1/…');

/** A request for what the server does not have is no fault of it (501; RFC 9110 §15.6.2). */
const isOurFault = (status: number) => status >= 500 && status !== 501;

/**
 * Gives every request an id, returned in `X-Request-Id`, and logs one line about it. Never logs
 * cookies, bodies or the codes of links.
 */
export const requestLog = (logger: Logger) =>
  createMiddleware<AppEnv>(async function requestLog(c, next) {
    const given = c.req.header('x-request-id') ?? '';
    const requestId = REQUEST_ID.test(given) ? given : randomUUID();
    c.set('requestId', requestId);
    c.set('logger', logger.child({ requestId }));
    c.header('X-Request-Id', requestId);
    const started = performance.now();
    await next();
    const ms = Math.round((performance.now() - started) * 10) / 10;
    const level = isOurFault(c.res.status) ? 'error' : c.req.method === 'GET' ? 'debug' : 'info';
    c.var.logger[level](
      { method: c.req.method, path: loggable(c.req.path), status: c.res.status, ms },
      'request',
    );
  });
