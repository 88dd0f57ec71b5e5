import { createHash } from 'node:crypto';

/**
 * Returns the number of an advisory lock on a text, for a namespace of locks. Two texts with one
 * number wait for each other needlessly, which is harmless. Every release must return the same.
 */
export const lockKeyOf = (text: string): number => createHash('sha256').update(text).digest().readInt32BE(0);
