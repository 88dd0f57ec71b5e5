import { z } from 'zod';

/**
 * PHC string format of Argon2id: `$argon2id$v=19$m=KIB,t=PASSES,p=LANES$salt$tag`, salt and tag in
 * base64.
 */
const PHC =
  /^\$argon2id\$v=19\$m=(\d{1,9}),t=(\d{1,9}),p=(\d{1,9})\$([A-Za-z0-9+/]{1,200})\$([A-Za-z0-9+/]{1,200})$/;

/**
 * Bounds of the parameters that one verification may use. A stored hash decides the memory and time
 * of a wrong password, and an imported archive brings foreign hashes.
 *
 * - Memory in KiB: 7,168 to 65,536. The first is the least of OWASP's Password Storage Cheat
 *   Sheet, the other the second option of RFC 9106 §4. OWASP's own largest is 47,104; ours is
 *   19,456. Four hashes run at once in libuv, so they use at most 256 MiB.
 * - Passes: 1 to 5, the range of OWASP. Lanes: 1 to 4, the most of RFC 9106 §4.
 * - Salt: 8 bytes (RFC 9106 §3.1) to 64. Tag: 16 bytes to 64.
 */
export const PASSWORD_HASH_BOUNDS = {
  memoryKib: [7 * 1024, 64 * 1024],
  passes: [1, 5],
  lanes: [1, 4],
  saltBytes: [8, 64],
  tagBytes: [16, 64],
} as const;

export interface PasswordHash {
  memoryKib: number;
  passes: number;
  lanes: number;
  salt: Buffer;
  tag: Buffer;
}

const isWithin = (value: number, [least, most]: readonly [number, number]) => value >= least && value <= most;

/**
 * Parses a stored hash without computing anything. Returns `null` for another form, or a parameter
 * out of bounds.
 */
export function readPasswordHash(text: string): PasswordHash | null {
  const [, memory, passes, lanes, salt, tag] = PHC.exec(text) ?? [];
  if (!memory || !passes || !lanes || !salt || !tag) return null;
  const hash = {
    memoryKib: Number(memory),
    passes: Number(passes),
    lanes: Number(lanes),
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  };
  const bounds = PASSWORD_HASH_BOUNDS;
  const allowed =
    isWithin(hash.memoryKib, bounds.memoryKib) &&
    isWithin(hash.passes, bounds.passes) &&
    isWithin(hash.lanes, bounds.lanes) &&
    isWithin(hash.salt.length, bounds.saltBytes) &&
    isWithin(hash.tag.length, bounds.tagBytes);
  return allowed ? hash : null;
}

const [LEAST_KIB, MOST_KIB] = PASSWORD_HASH_BOUNDS.memoryKib;

/**
 * A hash that {@link readPasswordHash} accepts: Argon2id in PHC format, with parameters within
 * bounds.
 */
export const passwordHash = z.string().refine((text) => readPasswordHash(text) !== null, {
  error: `must be Argon2id with m=${LEAST_KIB}–${MOST_KIB}, t=1–5, p=1–4`,
});
