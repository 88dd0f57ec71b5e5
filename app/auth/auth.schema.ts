import { z } from 'zod';
import { storableString, textField, wireText } from '../http/text.schema.ts';
import { MAX_PASSWORD_BYTES, MAX_TYPED_NAME_UNITS, MIN_PASSWORD_CHARACTERS } from './auth.limits.ts';

/** Letters of any script with their marks, digits, `.` `_` `-`; nothing invisible. */
const NAME = /^[\p{L}\p{M}\p{Nd}._-]{2,32}$/u;
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/u;
/**
 * A pile of marks makes names unreadable. UTS #39 §5.4 allows 4 in a row, enough for every script
 * in use.
 */
const MARK_PILE = /^\p{M}|\p{M}{5}/u;

/** 2–32 characters after NFKC: letters of any script, digits, `.` `_` `-`. */
export const username = wireText(MAX_TYPED_NAME_UNITS)
  .transform((name) => name.normalize('NFKC').trim())
  .pipe(
    z
      .string()
      .refine(
        (name) => NAME.test(name) && !INVISIBLE.test(name) && !MARK_PILE.test(name),
        'Use 2–32 letters, digits, dots, underscores or hyphens.',
      ),
  );

const shortEnough = (password: string) => new TextEncoder().encode(password).length <= MAX_PASSWORD_BYTES;
const tooLong = { error: 'Use at most 1,000 bytes.', params: { code: 'password_too_long' } };

/**
 * At least 10 characters and at most 1,000 bytes. NIST SP 800-63B §3.1.1: length counts, without
 * composition rules. The server refuses common passwords.
 */
export const newPassword = storableString
  .refine((password) => Array.from(password).length >= MIN_PASSWORD_CHARACTERS, {
    error: 'Use at least 10 characters.',
    params: { code: 'password_too_short' },
  })
  .refine(shortEnough, tooLong);

/** A password to compare. An invalid new password is simply a wrong one. */
export const currentPassword = storableString.refine(shortEnough, tooLong);

/** The secret part of an invite's or a reset link's address. */
export const code = textField(200).pipe(z.string().min(1));
export const codeRequest = z.object({ code });

export const registerRequest = z.object({
  username,
  password: newPassword,
  /** The code of an invite; only the first account needs none. */
  invite: code.optional(),
  /** The first account needs it where `GET /api/auth/me` says so. */
  setupCode: code.optional(),
});

export const loginRequest = z.object({ username: wireText(MAX_TYPED_NAME_UNITS), password: currentPassword });

export const role = z.enum(['admin', 'member']);
export const user = z.object({ id: z.uuid(), username: z.string(), role });

/**
 * The lack of a session of an admin, where the folder requires a passkey. Its user has to `add`
 * one, or to `use` one.
 */
const passkeyNeed = z.enum(['add', 'use']);

/** The user of a session. */
export const signedInUser = user.extend({
  /** Absent if nothing is lacking. Otherwise the session opens little more than the way to it. */
  needsPasskey: passkeyNeed.optional(),
});

/** `GET /api/auth/me`: the signed-in user, and whether the first account still has to be made. */
export const meResponse = z.object({
  user: signedInUser.nullable(),
  firstAccount: z.boolean(),
  /** The first account needs the setup code. Absent when it exists or needs none. */
  needsSetupCode: z.literal(true).optional(),
  /** The host name that passkeys belong to. Absent where browsers offer none. */
  passkeyHost: z.string().optional(),
  /** Nothing can be added by its address. Absent where it can. */
  fetchOff: z.literal(true).optional(),
});

/** `PATCH /api/auth/password`: ends every other session. */
export const passwordChange = z.object({ currentPassword, password: newPassword });

/** `POST /api/auth/reset`: a new password for the code of a reset link. */
export const resetRequest = z.object({ code, password: newPassword });

/**
 * `POST /api/auth/reset/check`: the account of a link, for the page and password managers to name.
 */
export const resetInfo = z.object({ username: z.string(), expiresAt: z.iso.datetime() });

/** One of the user's own sessions, last used first. */
export const sessionItem = z.object({
  id: z.uuid(),
  /** From the browser at sign-in, at most 300 characters. */
  userAgent: z.string(),
  createdAt: z.iso.datetime(),
  lastSeenAt: z.iso.datetime(),
  /** The session of this request. */
  current: z.boolean(),
});
export const sessionList = z.object({ items: z.array(sessionItem) });
export const sessionId = z.object({ id: z.uuid() });

export type User = z.infer<typeof user>;
export type PasskeyNeed = z.infer<typeof passkeyNeed>;
export type SignedInUser = z.infer<typeof signedInUser>;
export type RegisterRequest = z.infer<typeof registerRequest>;
export type ResetInfo = z.infer<typeof resetInfo>;
export type SessionItem = z.infer<typeof sessionItem>;
