import { createMiddleware } from 'hono/factory';
import type { SessionCookie } from './session-cookie.ts';
import type { Sessions } from './sessions.service.ts';
import type { AppEnv } from '../http/env.ts';

/**
 * Resolves the session cookie and stores the user on the context: `null` if the cookie is missing
 * or invalid.
 */
export const session = (sessions: Sessions, cookie: SessionCookie) =>
  createMiddleware<AppEnv>(async function session(c, next) {
    const token = cookie.read(c);
    const found = token === undefined ? null : await sessions.resolve(token);
    c.set('session', found?.user ?? null);
    c.set('asOf', found?.asOf ?? null);
    if (found?.renewed) cookie.write(c, found.renewed);
    await next();
  });
