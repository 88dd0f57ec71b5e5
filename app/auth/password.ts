import { argon2, randomBytes, timingSafeEqual, type Argon2Parameters } from 'node:crypto';
import { promisify } from 'node:util';
import { readPasswordHash } from './password-hash.schema.ts';

const derive = promisify<'argon2id', Argon2Parameters, Buffer>(argon2);

/**
 * Argon2id with 19 MiB of memory, 2 passes and 1 lane: the first choice of the OWASP Password Storage Cheat Sheet,
 * https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#argon2id. Salt and tag lengths
 * after RFC 9106 §3.1 (16 bytes of salt suffice for password hashing) and §4.
 */
const MEMORY_KIB = 19 * 1024;
const PASSES = 2;
const PARALLELISM = 1;
const SALT_BYTES = 16;
const TAG_BYTES = 32;

/** One spelling per password: what is typed as a precomposed ä on one device may come decomposed from another. */
const bytesOf = (password: string) => Buffer.from(password.normalize('NFKC'));
const encode = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');

/** In PHC string format, so that parameters can grow without breaking old hashes. */
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
 * Computes nothing for a hash that {@link readPasswordHash} refuses, and throws: that is a broken row and not
 * a wrong password.
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

/** Takes as long as a real check and is never true: an unknown user must not answer faster than a known one. */
export async function verifyNothing(password: string): Promise<false> {
  decoy ??= hashPassword(randomBytes(16).toString('hex'));
  await verifyPassword(password, await decoy);
  return false;
}
