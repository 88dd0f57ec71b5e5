import { createMiddleware } from 'hono/factory';
import type { AppEnv } from './env.ts';

/**
 * Keeps personal answers out of every cache, so that a shared computer holds nothing after
 * sign-out. A route with another rule sets its own `Cache-Control`. Sets the header before
 * `next()`: setting it afterwards makes Hono rebuild the Response.
 */
export const privateAnswers = createMiddleware<AppEnv>(async function privateAnswers(c, next) {
  c.header('Cache-Control', 'no-store');
  await next();
});
