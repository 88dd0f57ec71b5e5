import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { passkeyNeedOf } from '../auth/admin-passkey.ts';
import { findUserById, lockUser } from '../auth/auth.repository.ts';
import { user } from '../auth/auth.schema.ts';
import { wrongPassword } from '../auth/auth.service.ts';
import { verifyPassword } from '../auth/password.ts';
import { hashCode } from '../auth/secret-code.ts';
import type { Sessions } from '../auth/sessions.service.ts';
import type { Database } from '../db/client.ts';
import { inTransaction } from '../db/transaction.ts';
import { requireEnabled } from '../http/access.ts';
import type { SessionUser } from '../http/env.ts';
import { AppError } from '../http/errors.ts';
import type { TokenScope } from '../http/scopes.limits.ts';
import { coalesce } from '../util/coalesce.ts';
import { isTokenForm, newToken } from './token-format.ts';
import { MAX_TOKENS } from './tokens.limits.ts';
import {
  countTokensOf,
  deleteTokenOf,
  findTokens,
  findTokensOf,
  insertToken,
  touchToken,
  type TokenRow,
} from './tokens.repository.ts';
import { tokenScope, type MadeToken, type NewTokenRequest, type TokenItem } from './tokens.schema.ts';

/** The caller behind a token. */
export interface TokenUser {
  /**
   * The user, with the id of the token in place of a session's. The role is `member` unless the
   * token has the scope `admin`.
   */
  user: SessionUser;
  /** The scopes of the token, cut to the role of today. */
  scopes: readonly TokenScope[];
  /** Snapshot of the lookup (app/db/snapshot-cache.ts). */
  asOf: string;
}

/** Personal API tokens, by which programs call the API as a user. */
export interface Tokens {
  /**
   * Makes a token. Needs the password again, so that a stolen session makes none. Errors:
   * `wrong_password`, `not_signed_in`, `not_allowed` (the scope `admin` for a member),
   * `too_many_tokens`.
   */
  make(by: SessionUser, wanted: NewTokenRequest): Promise<Pick<MadeToken, 'token' | 'item'>>;
  /**
   * Returns the caller behind a token, and notes the use. `null` for a malformed, unknown, revoked
   * or expired one, and for a disabled user's.
   *
   * @param address of the client
   */
  resolve(token: string, address: string): Promise<TokenUser | null>;
  list(by: SessionUser): Promise<TokenItem[]>;
  /** Ends one of the user's own tokens at once. Errors: `not_found`. */
  revoke(by: SessionUser, id: string): Promise<void>;
}

/**
 * Creates the API tokens.
 *
 * @param requireAdminPasskey whether the folder requires a passkey of admins. It then refuses
 *   their tokens that go back to none.
 */
export function createTokens(
  db: Database,
  sessions: Pick<Sessions, 'require'>,
  requireAdminPasskey: boolean,
): Tokens {
  // A program asks in bursts, as the page does.
  const findToken = coalesce(async (hashes: readonly string[]) => {
    const rows = await findTokens(db, hashes);
    return new Map(rows.map((row) => [row.hash, row]));
  });

  return {
    async make(by, { currentPassword, name, scopes, expiresInDays = null }) {
      const row = await findUserById(db, by.id);
      if (!row || !(await verifyPassword(currentPassword, row.password_hash))) throw wrongPassword();
      const token = newToken();
      return inTransaction(db, async (trx) => {
        const now = requireEnabled(await lockUser(trx, by.id));
        // The checked password may have been changed meanwhile.
        if (now.password_hash !== row.password_hash) throw wrongPassword();
        await sessions.require(trx, by);
        const { role } = user.parse(now);
        if (scopes.includes('admin') && role !== 'admin')
          throw new AppError('not_allowed', 'Only a token of an admin can have the scope "admin".');
        if ((await countTokensOf(trx, by.id)) >= MAX_TOKENS)
          throw new AppError('too_many_tokens', `You have ${MAX_TOKENS} tokens. Revoke one first.`);
        const made = await insertToken(trx, {
          id: randomUUID(),
          userId: by.id,
          tokenHash: hashCode(token),
          name,
          scopes,
          days: expiresInDays,
          sessionId: by.sessionId,
        });
        return { token, item: toTokenItem(made, role) };
      });
    },

    async resolve(token, address) {
      const row = isTokenForm(token) && (await findToken(hashCode(token)));
      if (!row) return null;
      if (row.stale) await touchToken(db, row.id, address);
      const { id, username, role } = user.parse({ id: row.userId, username: row.username, role: row.role });
      const scopes = scopesOf(row.scopes, role);
      const needsPasskey = passkeyNeedOf(requireAdminPasskey, row, row);
      return {
        user: {
          sessionId: row.id,
          id,
          username,
          role: scopes.includes('admin') ? role : 'member',
          ...(needsPasskey && { needsPasskey }),
        },
        scopes,
        asOf: row.snapshot,
      };
    },

    list: async (by) => (await findTokensOf(db, by.id)).map((row) => toTokenItem(row, by.role)),

    async revoke(by, id) {
      if (!(await deleteTokenOf(db, by.id, id))) throw new AppError('not_found', 'There is no such token.');
    },
  };
}

/** Cuts the scopes of a token to the role that its user has today. */
const scopesOf = (stored: readonly string[], role: SessionUser['role']): TokenScope[] =>
  z
    .array(tokenScope)
    .parse(stored)
    .filter((scope) => scope !== 'admin' || role === 'admin');

const toTokenItem = (row: TokenRow, role: SessionUser['role']): TokenItem => ({
  id: row.id,
  name: row.name,
  scopes: scopesOf(row.scopes, role),
  createdAt: row.created_at.toISOString(),
  expiresAt: row.expires_at?.toISOString() ?? null,
  expired: row.expired,
  lastUsedAt: row.last_used_at?.toISOString() ?? null,
  lastAddress: row.last_address,
});
