import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { SESSION_SECONDS } from './sessions.service.ts';

/**
 * In production the cookie carries the `__Host-` prefix: the browser then accepts it only with Secure, from this very
 * host and for every path (RFC 6265bis §4.1.3.2). Plain http in development allows neither.
 */
export function sessionCookie(production: boolean) {
  const name = 'session';
  const prefix = production ? 'host' : undefined;
  const attributes = { path: '/', httpOnly: true, sameSite: 'Lax', secure: production } as const;
  return {
    read: (c: Context): string | undefined => getCookie(c, name, prefix),
    write: (c: Context, token: string): void =>
      setCookie(c, name, token, { ...attributes, maxAge: SESSION_SECONDS, ...(prefix && { prefix }) }),
    clear: (c: Context): void => {
      deleteCookie(c, name, { ...attributes, ...(prefix && { prefix }) });
    },
  };
}

export type SessionCookie = ReturnType<typeof sessionCookie>;
