import { z } from 'zod';

/** 2–32 characters: letters of any script, digits, `.` `_` `-`; compared without case and after NFKC. */
export const username = z
  .string()
  .max(128)
  .transform((name) => name.normalize('NFKC').trim())
  .pipe(
    z
      .string()
      .regex(/^[\p{L}\p{M}\p{N}._-]{2,32}$/u, 'Use 2–32 letters, digits, dots, underscores or hyphens.'),
  );

/**
 * At least 10 characters, after NIST SP 800-63B §3.1.1 (length is what counts, no composition rules); at most 1,000
 * bytes, so that hashing has a bound.
 */
export const newPassword = z
  .string()
  .min(10, 'Use at least 10 characters.')
  .refine((password) => new TextEncoder().encode(password).length <= 1000, 'Use at most 1,000 bytes.');

export const registerRequest = z.object({ username, password: newPassword });

/** Sign-in takes any short enough string: what is not a valid name or password is simply wrong. */
export const loginRequest = z.object({ username: z.string().max(128), password: z.string().max(1000) });

export const user = z.object({ id: z.uuid(), username: z.string(), role: z.enum(['admin', 'member']) });

/** `GET /api/auth/me`: who is signed in, and whether the first account is still to be made. */
export const meResponse = z.object({ user: user.nullable(), firstAccount: z.boolean() });

export type User = z.infer<typeof user>;
export type RegisterRequest = z.infer<typeof registerRequest>;
