import { createMiddleware } from 'hono/factory';
import { AppError } from './errors.ts';
import type { AppEnv } from './env.ts';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * A request that changes something must come from our own pages: browsers say so in `Sec-Fetch-Site`, older ones in
 * `Origin` (OWASP CSRF Prevention, "Fetch Metadata" and "Verifying Origin"). A program sends `Origin` itself.
 * @param publicUrl the address people type; unset, the Host of the request counts
 */
export const sameOrigin = (publicUrl: string | undefined) => {
  const ownHost = publicUrl === undefined ? undefined : new URL(publicUrl).host;
  return createMiddleware<AppEnv>(async function sameOrigin(c, next) {
    if (
      !SAFE.has(c.req.method) &&
      !isOwn(c.req.raw, ownHost ?? c.req.header('host') ?? new URL(c.req.url).host)
    ) {
      throw new AppError('foreign_origin', 'This request does not come from the pages of this folder.');
    }
    await next();
  });
};

function isOwn(request: Request, host: string): boolean {
  const site = request.headers.get('sec-fetch-site');
  if (site !== null) return site === 'same-origin';
  const origin = request.headers.get('origin');
  return origin !== null && URL.parse(origin)?.host === host;
}
