import { describe, expect, it } from 'vitest';
import { passwordHash, readPasswordHash } from '../../../app/auth/password-hash.schema.ts';
import { hashPassword, verifyPassword } from '../../../app/auth/password.ts';
import { PASSWORD } from '../../support/servers/app.ts';

const base64 = (bytes: number) => Buffer.alloc(bytes, 7).toString('base64').replace(/=+$/, '');
const hashWith = ({ m = '19456', t = '2', p = '1', salt = 16, tag = 32 }) =>
  `$argon2id$v=19$m=${m},t=${t},p=${p}$${base64(salt)}$${base64(tag)}`;

describe('a stored password hash', () => {
  it('is read as it is written, and verifies its password only', async () => {
    const hash = await hashPassword(PASSWORD);
    expect(passwordHash.parse(hash)).toBe(hash);
    expect(readPasswordHash(hash)).toMatchObject({ memoryKib: 19_456, passes: 2, lanes: 1 });
    expect(await verifyPassword(PASSWORD, hash)).toBe(true);
    expect(await verifyPassword('something else', hash)).toBe(false);
  });

  it.each([
    ['the least', hashWith({ m: '7168', t: '1', salt: 8, tag: 16 })],
    ['the most', hashWith({ m: '65536', t: '5', p: '4', salt: 64, tag: 64 })],
  ])('may have %s of every parameter', async (_what, hash) => {
    expect(passwordHash.safeParse(hash).success).toBe(true);
    expect(await verifyPassword(PASSWORD, hash)).toBe(false);
  });

  it.each([
    ['9.4 GB of memory', hashWith({ m: '9999999' })],
    ['a little too much memory', hashWith({ m: '65537' })],
    ['too little memory', hashWith({ m: '7167' })],
    ['a number of many digits', hashWith({ m: '9'.repeat(400) })],
    ['too many passes', hashWith({ t: '6' })],
    ['no pass', hashWith({ t: '0' })],
    ['too many lanes', hashWith({ p: '5' })],
    ['no lane', hashWith({ p: '0' })],
    ['a short salt', hashWith({ salt: 7 })],
    ['a long salt', hashWith({ salt: 65 })],
    ['a short tag', hashWith({ tag: 15 })],
    ['a long tag', hashWith({ tag: 65 })],
    ['another algorithm', hashWith({}).replace('argon2id', 'argon2i')],
    ['another version', hashWith({}).replace('v=19', 'v=16')],
    ['nothing', ''],
  ])('is refused with %s, before anything is computed', async (_what, hash) => {
    expect(passwordHash.safeParse(hash).success).toBe(false);
    expect(readPasswordHash(hash)).toBeNull();
    await expect(verifyPassword(PASSWORD, hash)).rejects.toThrow(/malformed, or its parameters are out of/);
  });
});
