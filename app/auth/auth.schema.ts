import { z } from 'zod';
import { storableString, textField, wireText } from '../http/text.schema.ts';

/** Letters of any script with their marks, digits, `.` `_` `-`; nothing that is not seen. */
const NAME = /^[\p{L}\p{M}\p{Nd}._-]{2,32}$/u;
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/u;
/** A pile of marks makes unreadable names; UTS #39 §5.4 allows 4 in a row, which every script in use gets by with. */
const PILE = /^\p{M}|\p{M}{5}/u;

/** Longest name that is looked at, in UTF-16 units: compatibility forms may get shorter. */
const MAX_TYPED_NAME = 128;

/** 2–32 characters after NFKC: letters of any script, digits, `.` `_` `-`. */
export const username = wireText(MAX_TYPED_NAME)
  .transform((name) => name.normalize('NFKC').trim())
  .pipe(
    z
      .string()
      .refine(
        (name) => NAME.test(name) && !INVISIBLE.test(name) && !PILE.test(name),
        'Use 2–32 letters, digits, dots, underscores or hyphens.',
      ),
  );

/** Bounds what hashing has to chew on. */
export const MAX_PASSWORD_BYTES = 1000;
const shortEnough = (password: string) => new TextEncoder().encode(password).length <= MAX_PASSWORD_BYTES;
const tooLong = { error: 'Use at most 1,000 bytes.', params: { code: 'password_too_long' } };

/**
 * At least 10 characters, after NIST SP 800-63B §3.1.1 (length is what counts, no composition rules); at most 1,000
 * bytes. Whether it is a common one is the server's to say.
 */
export const newPassword = storableString
  .refine((password) => Array.from(password).length >= 10, {
    error: 'Use at least 10 characters.',
    params: { code: 'password_too_short' },
  })
  .refine(shortEnough, tooLong);

/** A password to be compared: what is not a valid new one is simply wrong. */
const anyPassword = storableString.refine(shortEnough, tooLong);

/** The secret part of an invite's or a reset link's address. */
export const code = textField(200).pipe(z.string().min(1));
export const codeRequest = z.object({ code });

export const registerRequest = z.object({
  username,
  password: newPassword,
  /** The code of an invite; only the first account needs none. */
  invite: code.optional(),
});

export const loginRequest = z.object({ username: wireText(MAX_TYPED_NAME), password: anyPassword });

export const role = z.enum(['admin', 'member']);
export const user = z.object({ id: z.uuid(), username: z.string(), role });

/** `GET /api/auth/me`: who is signed in, and whether the first account is still to be made. */
export const meResponse = z.object({ user: user.nullable(), firstAccount: z.boolean() });

/** `PATCH /api/auth/password`: ends every other session. */
export const passwordChange = z.object({ currentPassword: anyPassword, password: newPassword });

/** `POST /api/auth/reset`: a new password for the code of a reset link. */
export const resetRequest = z.object({ code, password: newPassword });

/** `POST /api/auth/reset/check`: whose link it is, so that the page and password managers can name the account. */
export const resetInfo = z.object({ username: z.string(), expiresAt: z.iso.datetime() });

/** One of one's own sessions, newest use first. */
export const sessionItem = z.object({
  id: z.uuid(),
  /** As the browser sent it at sign-in, at most 300 characters. */
  userAgent: z.string(),
  createdAt: z.iso.datetime(),
  lastSeenAt: z.iso.datetime(),
  /** The session that asks. */
  current: z.boolean(),
});
export const sessionList = z.object({ items: z.array(sessionItem) });
export const sessionId = z.object({ id: z.uuid() });

export type User = z.infer<typeof user>;
export type RegisterRequest = z.infer<typeof registerRequest>;
export type ResetInfo = z.infer<typeof resetInfo>;
export type SessionItem = z.infer<typeof sessionItem>;
