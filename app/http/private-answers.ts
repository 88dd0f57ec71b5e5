import { createMiddleware } from 'hono/factory';
import type { AppEnv } from './env.ts';

/**
 * Keeps answers for one person out of every cache, so that nothing of them is left on a shared computer
 * after signing out. A route with another rule sets its own `Cache-Control`. Set before the answer is made,
 * because a header that is added afterwards has the whole answer made again.
 */
export const privateAnswers = createMiddleware<AppEnv>(async function privateAnswers(c, next) {
  c.header('Cache-Control', 'no-store');
  await next();
});
