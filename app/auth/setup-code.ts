import { hkdfSync } from 'node:crypto';
import type { Config } from '../config.ts';
import { isSameSecret } from '../util/same-secret.ts';

const KEY_USE = 'meemikansio setup code';
/** 100 bits in hexadecimal, in groups that people can copy by hand. */
const BYTES = 13;
const GROUP = /.{5}(?=.)/g;

/**
 * The code that the first account of a site needs. `null`: whoever comes first becomes the admin.
 *
 * A site is on the internet before its operator opens it. The code is that of SETUP_CODE, else one
 * derived from JWT_SECRET, so every process and restart has the same. The start prints only that
 * one. After the first account a code is worth nothing.
 */
export interface SetupCode {
  /** The code, if it is to be printed: the operator did not choose it. */
  printed: string | null;
  isRight(given: string): boolean;
}

/** Returns the setup code of a site. Development needs none. */
export function setupCodeOf({
  production,
  auth,
}: Pick<Config, 'production'> & {
  auth: Pick<Config['auth'], 'jwtSecret' | 'setupCode'>;
}): SetupCode | null {
  const printed = production && auth.jwtSecret !== undefined ? derived(auth.jwtSecret) : null;
  const code = auth.setupCode ?? printed;
  if (code === null) return null;
  return {
    printed: auth.setupCode === undefined ? printed : null,
    isRight: (given) => isSameSecret(given.trim(), code),
  };
}

function derived(secret: string): string {
  const key = Buffer.from(hkdfSync('sha256', secret, '', KEY_USE, BYTES));
  return key.toString('hex').slice(0, 25).replace(GROUP, '$&-');
}
