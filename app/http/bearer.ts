import type { Context } from 'hono';

/**
 * Returns the token of `Authorization: Bearer` (RFC 6750 §2.1), however malformed; `null` without
 * such a header. Other schemes belong to proxies, and leave the cookie in force.
 */
export function bearerOf(c: Context): string | null {
  const [scheme = '', ...rest] = (c.req.header('authorization') ?? '').trim().split(/\s+/);
  return scheme.toLowerCase() === 'bearer' ? rest.join(' ') : null;
}
