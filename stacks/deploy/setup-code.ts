import { hkdfSync } from 'node:crypto';

/** The code of the first account, until that account is there. */
export const SETUP_CODE_FILE = 'meemikansio-setup-code.txt';

/** Returns the setup code that the app derives from JWT_SECRET, as in app/auth/setup-code.ts. */
export const setupCodeOf = (jwtSecret: string): string =>
  Buffer.from(hkdfSync('sha256', jwtSecret, '', 'meemikansio setup code', 13))
    .toString('hex')
    .slice(0, 25)
    .replace(/.{5}(?=.)/g, '$&-');
