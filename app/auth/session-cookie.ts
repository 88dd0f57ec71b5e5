import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';

const NAME = 'session';
const DEVICE_NAME = 'device';

/**
 * In production the cookie carries the `__Host-` prefix: the browser then accepts it only with Secure, from this very
 * host and for every path (RFC 6265bis §4.1.3.2). Plain http in development allows neither.
 *
 * @param seconds how long a browser keeps it
 */
function hostCookie(
  name: string,
  { production, seconds, sameSite }: { production: boolean; seconds: number; sameSite: 'Lax' | 'Strict' },
) {
  const prefix = production ? 'host' : undefined;
  const attributes = { path: '/', httpOnly: true, sameSite, secure: production } as const;
  return {
    read: (c: Context): string | undefined => getCookie(c, name, prefix),
    write: (c: Context, token: string): void =>
      setCookie(c, name, token, { ...attributes, maxAge: seconds, ...(prefix && { prefix }) }),
    clear: (c: Context): void => {
      deleteCookie(c, name, { ...attributes, ...(prefix && { prefix }) });
    },
  };
}

/** The cookie of a session; it comes along when a link of another site leads here. */
export const sessionCookie = (production: boolean, seconds: number) =>
  hostCookie(NAME, { production, seconds, sameSite: 'Lax' });

/** The cookie of a device that signed in before (app/auth/devices.ts). Signing out leaves it. */
export const deviceCookie = (production: boolean, seconds: number) =>
  hostCookie(DEVICE_NAME, { production, seconds, sameSite: 'Strict' });

/** Whether a session's cookie came, of development or of production, whatever it is worth: for guesses only. */
export const carriesSession = (c: Context): boolean =>
  getCookie(c, NAME) !== undefined || getCookie(c, NAME, 'host') !== undefined;

export type SessionCookie = ReturnType<typeof sessionCookie>;
export type DeviceCookie = ReturnType<typeof deviceCookie>;
