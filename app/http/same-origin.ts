import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { bearerOf } from './bearer.ts';
import { describe } from './describe.ts';
import { AppError } from './errors.ts';
import type { AppEnv } from './env.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses a state-changing request that comes from a foreign page.
 *
 * Browsers name the source in `Sec-Fetch-Site`, older ones in `Origin` (OWASP CSRF Prevention,
 * "Fetch Metadata" and "Verifying Origin"). A program sends `Origin`. With `publicUrl`, scheme,
 * host and port must match. Without it, host and port must match: behind a proxy the request does
 * not know its scheme.
 *
 * A foreign page cannot send a Bearer header. With one, the cookie does not count
 * (app/auth/session.middleware.ts), so the request passes. Errors: 403.
 *
 * @param publicUrl the address people type; if unset, the Host of the request counts
 */
export const sameOrigin = (publicUrl: string | undefined) => {
  const own = publicUrl === undefined ? null : new URL(publicUrl).origin;
  const handler = createMiddleware<AppEnv>(async function sameOrigin(c, next) {
    if (!SAFE_METHODS.has(c.req.method) && bearerOf(c.req) === null && !comesFromHere(c, own))
      throw new AppError('foreign_origin', 'The request was blocked: it came from another site.');
    await next();
  });
  return describe(handler, { 'x-errors': ['foreign_origin'] });
};

function comesFromHere(c: Context<AppEnv>, own: string | null): boolean {
  const site = c.req.header('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin';
  const origin = URL.parse(c.req.header('origin') ?? '');
  if (origin === null) return false;
  return own === null
    ? origin.host === (c.req.header('host') ?? new URL(c.req.url).host)
    : origin.origin === own;
}
