import { createMiddleware } from 'hono/factory';
import type { SessionCookie } from './session-cookie.ts';
import type { Sessions } from './sessions.service.ts';
import type { AppEnv } from '../http/env.ts';

/** Finds out who asks and leaves it on the context; a cookie that is worth nothing is nobody. */
export const session = (sessions: Sessions, cookie: SessionCookie) =>
  createMiddleware<AppEnv>(async function session(c, next) {
    const token = cookie.read(c);
    const found = token === undefined ? null : await sessions.resolve(token);
    c.set('session', found?.user ?? null);
    c.set('asOf', found?.asOf ?? null);
    if (found?.renewed) cookie.write(c, found.renewed);
    await next();
  });
