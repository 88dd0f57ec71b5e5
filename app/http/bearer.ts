/**
 * Returns the token of `Authorization: Bearer` (RFC 6750 §2.1), however malformed; `null` without
 * such a header. Other schemes belong to proxies, and leave the cookie in force.
 */
export function bearerOf(request: { header(name: 'authorization'): string | undefined }): string | null {
  const [scheme = '', ...rest] = (request.header('authorization') ?? '').trim().split(/\s+/);
  return scheme.toLowerCase() === 'bearer' ? rest.join(' ') : null;
}
