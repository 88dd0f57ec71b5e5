import { argon2, randomBytes, timingSafeEqual, type Argon2Parameters } from 'node:crypto';
import { promisify } from 'node:util';
import { readPasswordHash } from './password-hash.schema.ts';

const derive = promisify<'argon2id', Argon2Parameters, Buffer>(argon2);

/**
 * Argon2id with 19 MiB of memory, 2 passes and 1 lane: the first choice of OWASP,
 * https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#argon2id. RFC
 * 9106 gives the lengths of salt (§3.1: 16 bytes suffice for password hashing) and tag (§4).
 */
const MEMORY_KIB = 19 * 1024;
const PASSES = 2;
const PARALLELISM = 1;
const SALT_BYTES = 16;
const TAG_BYTES = 32;

/** Normalises the password: devices differ in whether they type ä precomposed or decomposed. */
const bytesOf = (password: string) => Buffer.from(password.normalize('NFKC'));
const encode = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');

/**
 * Hashes a password into PHC string format, so that parameters can grow without breaking old
 * hashes.
 */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(SALT_BYTES);
  const tag = await derive('argon2id', {
    message: bytesOf(password),
    nonce,
    memory: MEMORY_KIB,
    passes: PASSES,
    parallelism: PARALLELISM,
    tagLength: TAG_BYTES,
  });
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${PARALLELISM}$${encode(nonce)}$${encode(tag)}`;
}

/**
 * Compares a password with a hash. Throws, and computes nothing, if {@link readPasswordHash}
 * refuses the hash: that is a broken row, not a wrong password.
 */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const stored = readPasswordHash(hash);
  if (!stored) throw new Error('A stored password hash is malformed, or its parameters are out of bounds.');
  const actual = await derive('argon2id', {
    message: bytesOf(password),
    nonce: stored.salt,
    memory: stored.memoryKib,
    passes: stored.passes,
    parallelism: stored.lanes,
    tagLength: stored.tag.length,
  });
  return timingSafeEqual(actual, stored.tag);
}

let decoy: Promise<string> | undefined;

/** Takes as long as a real check and returns `false`: an unknown user must not answer faster. */
export async function verifyNothing(password: string): Promise<false> {
  decoy ??= hashPassword(randomBytes(16).toString('hex'));
  await verifyPassword(password, await decoy);
  return false;
}
