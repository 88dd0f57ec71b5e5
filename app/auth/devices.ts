import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { sign, verify } from 'hono/jwt';
import { z } from 'zod';
import { wireText } from '../http/text.schema.ts';

/**
 * A device is known this long after its last sign-in: the longest that browsers keep a cookie (RFC
 * 6265bis §5.5).
 */
export const DEVICE_SECONDS = 400 * 24 * 60 * 60;

const ALGORITHM = 'HS256';
const KEY_USE = 'meemikansio device cookie';
const claims = z.object({ sub: z.uuid(), device: wireText(32).min(1), password: wireText(64) });
type Claims = z.infer<typeof claims>;

/** An account with its current password hash. */
interface Account {
  id: string;
  password_hash: string;
}

/**
 * Recognises devices that signed in before ("device cookies" of OWASP's Slow Down Online Guessing
 * Attacks). A token only grants guesses at its account's password from a bucket of its own. It is
 * bound to the password: a change invalidates all earlier tokens.
 */
export interface Devices {
  /** Issues a token to a device on which the account's password was just given. */
  issue(account: Account): Promise<string>;
  /** Reads a token; `null` if it is forged, foreign or expired. */
  read(token: string): Promise<Claims | null>;
  /** Tells whether a token was issued for this account and its current password. */
  isOf(token: Claims, account: Account): boolean;
}

/**
 * Creates the device tokens.
 *
 * @param secret of the server; the key is derived from it, so that no token works as a session
 *   token
 */
export function createDevices(secret: string): Devices {
  const key = Buffer.from(hkdfSync('sha256', secret, '', KEY_USE, 32)).toString('hex');
  const printOf = (hash: string) => createHmac('sha256', key).update(hash).digest('base64url');

  return {
    issue({ id, password_hash }) {
      const now = Math.floor(Date.now() / 1000);
      const token: Claims = {
        sub: id,
        device: randomBytes(16).toString('base64url'),
        password: printOf(password_hash),
      };
      return sign({ ...token, iat: now, exp: now + DEVICE_SECONDS }, key, ALGORITHM);
    },

    async read(token) {
      try {
        return claims.parse(await verify(token, key, ALGORITHM));
      } catch {
        // A token that does not verify is an unknown device.
        return null;
      }
    },

    isOf: ({ sub, password }, { id, password_hash }) => sub === id && password === printOf(password_hash),
  };
}
