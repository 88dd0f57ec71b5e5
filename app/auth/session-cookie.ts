import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { CHALLENGE_SECONDS } from '../passkeys/passkeys.limits.ts';

const NAME = 'session';
const DEVICE_NAME = 'device';
const CEREMONY_NAME = 'ceremony';

/**
 * Creates a host-only cookie.
 *
 * In production it has the `__Host-` prefix. The browser then requires Secure, this exact host and
 * every path (RFC 6265bis §4.1.3.2). Plain http in development allows neither.
 *
 * @param seconds lifetime in the browser
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

/** The session cookie. A browser also sends it when a link of another site leads here. */
export const sessionCookie = (production: boolean, seconds: number) =>
  hostCookie(NAME, { production, seconds, sameSite: 'Lax' });

/** The cookie of a device that signed in before (app/auth/devices.ts). Sign-out leaves it. */
export const deviceCookie = (production: boolean, seconds: number) =>
  hostCookie(DEVICE_NAME, { production, seconds, sameSite: 'Strict' });

/**
 * The cookie that ties the challenges of a sign-in by passkey to the browser that asked for them.
 * It ends with the last of them.
 */
export const ceremonyCookie = (production: boolean) =>
  hostCookie(CEREMONY_NAME, { production, seconds: CHALLENGE_SECONDS, sameSite: 'Strict' });

/**
 * Tells whether the request has a session cookie, valid or not, of development or production. Use
 * it for guesses only.
 */
export const carriesSession = (c: Context): boolean =>
  getCookie(c, NAME) !== undefined || getCookie(c, NAME, 'host') !== undefined;

export type SessionCookie = ReturnType<typeof sessionCookie>;
export type DeviceCookie = ReturnType<typeof deviceCookie>;
export type CeremonyCookie = ReturnType<typeof ceremonyCookie>;
