import { z } from 'zod';
import { currentPassword } from '../auth/auth.schema.ts';
import { TOKEN_SCOPES } from '../http/scopes.limits.ts';
import { textField } from '../http/text.schema.ts';
import { MAX_TOKEN_DAYS, MAX_TOKEN_NAME_UNITS } from './tokens.limits.ts';

export const tokenScope = z.enum(TOKEN_SCOPES);

/** `POST /api/tokens` */
export const newTokenRequest = z.object({
  name: textField(MAX_TOKEN_NAME_UNITS).pipe(z.string().min(1)),
  scopes: z
    .array(tokenScope)
    .min(1)
    .max(TOKEN_SCOPES.length)
    .transform((scopes) => TOKEN_SCOPES.filter((scope) => scopes.includes(scope))),
  /** Absent: the token does not expire. */
  expiresInDays: z.number().int().min(1).max(MAX_TOKEN_DAYS).optional(),
  currentPassword,
});

/** One of the own tokens. */
export const tokenItem = z.object({
  id: z.uuid(),
  name: z.string(),
  /** Without `admin` once the user is no admin any more. */
  scopes: z.array(tokenScope),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
  expired: z.boolean(),
  /** Exact to a minute. */
  lastUsedAt: z.iso.datetime().nullable(),
  /** An IPv4 address or an IPv6 /64. */
  lastAddress: z.string().nullable(),
});

/** `GET /api/tokens`: newest first. */
export const tokenList = z.object({ items: z.array(tokenItem) });

/** The only answer that contains the token: the database keeps its SHA-256. */
export const madeToken = z.object({
  token: z.string(),
  item: tokenItem,
  /** The text of a `.sxcu` file for ShareX, of a token that may upload. */
  sharex: z.string().nullable(),
});

export const tokenId = z.object({ id: z.uuid() });

export type NewTokenRequest = z.infer<typeof newTokenRequest>;
export type TokenItem = z.infer<typeof tokenItem>;
export type MadeToken = z.infer<typeof madeToken>;
