import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { sign, verify } from 'hono/jwt';
import { z } from 'zod';
import { wireText } from '../http/text.schema.ts';

/** A device is known for this long after its last sign-in: the most that browsers keep a cookie (RFC 6265bis §5.5). */
export const DEVICE_SECONDS = 400 * 24 * 60 * 60;

const ALGORITHM = 'HS256';
const KEY_USE = 'meemikansio device cookie';
const claims = z.object({ sub: z.uuid(), device: wireText(32).min(1), password: wireText(64) });
type Claims = z.infer<typeof claims>;

/** An account as it is now. */
interface Account {
  id: string;
  password_hash: string;
}

/**
 * Devices that signed in to an account before ("device cookies" of OWASP's Slow Down Online Guessing Attacks).
 * A token grants guesses at its account's password from a bucket of its own, and nothing else. It is bound to
 * the account's password: when that changes, no token of before is worth anything.
 */
export interface Devices {
  /** A token for a device on which the account's password was just given. */
  issue(account: Account): Promise<string>;
  /** What a token says; `null` for one that is forged, foreign or expired. */
  read(token: string): Promise<Claims | null>;
  /** Whether a token was issued for this account and the password it has now. */
  isOf(token: Claims, account: Account): boolean;
}

/** @param secret of the server; the key is derived from it, so that no token is worth anything as a session's */
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
        return null; // Any token that does not verify is an unknown device.
      }
    },

    isOf: ({ sub, password }, { id, password_hash }) => sub === id && password === printOf(password_hash),
  };
}
