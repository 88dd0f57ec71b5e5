import { expect, it } from 'vitest';
import { isTokenForm, newToken } from '../../../app/tokens/token-format.ts';

it('is found by a secret scanner: a prefix, 38 letters and digits, and a checksum of its own', () => {
  const tokens = Array.from({ length: 100 }, newToken);
  expect(new Set(tokens).size).toBe(100);
  for (const token of tokens) {
    expect(token).toMatch(/^mmk_[0-9A-Za-z]{38}$/);
    expect(isTokenForm(token)).toBe(true);
  }
});

it('has the CRC-32 that every other implementation computes', () => {
  // By zlib.crc32 of Python, in base 62.
  expect(isTokenForm(`mmk_${'0'.repeat(32)}2wjyrI`)).toBe(true);
  expect(isTokenForm(`mmk_${'0'.repeat(32)}2wjyrJ`)).toBe(false);
});

it.each([
  [
    'a letter changed',
    (token: string) => token.slice(0, 10) + (token[10] === 'a' ? 'b' : 'a') + token.slice(11),
  ],
  ['a letter more', (token: string) => `${token}0`],
  ['a letter less', (token: string) => token.slice(0, -1)],
  ['another prefix', (token: string) => `ghp_${token.slice(4)}`],
  ['a space', (token: string) => ` ${token}`],
  ['nothing', () => ''],
])('is none with %s', (_name, change) => {
  expect(isTokenForm(change(newToken()))).toBe(false);
});
