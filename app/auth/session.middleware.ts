import { createMiddleware } from 'hono/factory';
import { describe } from '../http/describe.ts';
import type { SessionCookie } from './session-cookie.ts';
import type { Sessions } from './sessions.service.ts';
import type { AppEnv } from '../http/env.ts';

/**
 * Resolves the session cookie and stores the user on the context: `null` if the cookie is missing
 * or invalid. Errors: `unavailable`, as for every route behind it.
 */
export function session(sessions: Sessions, cookie: SessionCookie) {
  const handler = createMiddleware<AppEnv>(async function session(c, next) {
    const token = cookie.read(c);
    const found = token === undefined ? null : await sessions.resolve(token);
    c.set('session', found?.user ?? null);
    c.set('asOf', found?.asOf ?? null);
    if (found?.renewed) cookie.write(c, found.renewed);
    await next();
  });
  return describe(handler, { 'x-errors': ['unavailable'] });
}
