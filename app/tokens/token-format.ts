import { randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

/**
 * The beginning of every token. Secret scanners find a token by it. By the checksum they know it
 * from other text without asking the server.
 */
export const TOKEN_PREFIX = 'mmk_';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 32 digits of base 62 are 190 random bits. */
const SECRET_DIGITS = 32;
/** 2³² needs 6 digits of base 62. */
const CHECKSUM_DIGITS = 6;
const FORMAT = new RegExp(
  `^${TOKEN_PREFIX}([0-9A-Za-z]{${SECRET_DIGITS}})([0-9A-Za-z]{${CHECKSUM_DIGITS}})$`,
);

/** Creates a token: the prefix, 32 random digits, and the CRC-32 of those in 6 digits. */
export function newToken(): string {
  const secret = Array.from({ length: SECRET_DIGITS }, () => DIGITS[randomInt(DIGITS.length)]).join('');
  return TOKEN_PREFIX + secret + checksumOf(secret);
}

/** Tells whether a text has the form and the checksum of a token. */
export function isTokenForm(text: string): boolean {
  const [, secret = '', checksum] = FORMAT.exec(text) ?? [];
  return checksum === checksumOf(secret);
}

function checksumOf(secret: string): string {
  let rest = crc32(secret);
  let digits = '';
  for (let place = 0; place < CHECKSUM_DIGITS; place++) {
    digits = (DIGITS[rest % DIGITS.length] ?? '') + digits;
    rest = Math.floor(rest / DIGITS.length);
  }
  return digits;
}
