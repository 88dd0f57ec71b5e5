import { createHash, randomBytes } from 'node:crypto';

/** 128 bits cannot be guessed, so a plain hash protects a code as well as a slow one. */
const CODE_BYTES = 16;

/** Creates the secret of an invite or reset link: 22 URL-safe characters, shown once. */
export const newCode = (): string => randomBytes(CODE_BYTES).toString('base64url');

/** Returns the stored form of a code: SHA-256, hex. */
export const hashCode = (code: string): string => createHash('sha256').update(code).digest('hex');
