import { createHash, randomBytes } from 'node:crypto';

/** 128 bits: nobody guesses one, so a plain hash protects it in the database as well as a slow one would. */
const CODE_BYTES = 16;

/** The part of a link that opens something: an invite, a password reset. 22 URL-safe characters, shown once. */
export const newCode = (): string => randomBytes(CODE_BYTES).toString('base64url');

/** What is stored of a code: SHA-256, hex. */
export const hashCode = (code: string): string => createHash('sha256').update(code).digest('hex');
