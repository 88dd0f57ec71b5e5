import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';

const NAME = 'session';

/**
 * In production the cookie carries the `__Host-` prefix: the browser then accepts it only with Secure, from this very
 * host and for every path (RFC 6265bis §4.1.3.2). Plain http in development allows neither.
 *
 * @param seconds how long a browser keeps it
 */
export function sessionCookie(production: boolean, seconds: number) {
  const prefix = production ? 'host' : undefined;
  const attributes = { path: '/', httpOnly: true, sameSite: 'Lax', secure: production } as const;
  return {
    read: (c: Context): string | undefined => getCookie(c, NAME, prefix),
    write: (c: Context, token: string): void =>
      setCookie(c, NAME, token, { ...attributes, maxAge: seconds, ...(prefix && { prefix }) }),
    clear: (c: Context): void => {
      deleteCookie(c, NAME, { ...attributes, ...(prefix && { prefix }) });
    },
  };
}

/** Whether a session's cookie came, of development or of production, whatever it is worth: for guesses only. */
export const carriesSession = (c: Context): boolean =>
  getCookie(c, NAME) !== undefined || getCookie(c, NAME, 'host') !== undefined;

export type SessionCookie = ReturnType<typeof sessionCookie>;
