import { sql } from 'kysely';
import type { Database, Trx } from '../db/client.ts';
import { currentSnapshot } from '../db/snapshot-cache.ts';
import { hasPasskey } from '../passkeys/passkeys.repository.ts';

/** Greatest staleness of the last use, and least time between two writes of it. */
const TOUCH_AFTER_SECONDS = 60;

const isStale = sql<boolean>`coalesce(last_used_at <= now() - make_interval(secs => ${TOUCH_AFTER_SECONDS}), true)`;
const isExpired = sql<boolean>`coalesce(expires_at <= now(), false)`;

const selectTokens = (db: Database | Trx) =>
  db
    .selectFrom('api_tokens')
    .select(['id', 'name', 'scopes', 'created_at', 'expires_at', 'last_used_at', 'last_address'])
    .select(isExpired.as('expired'));

export type TokenRow = Awaited<ReturnType<ReturnType<typeof selectTokens>['executeTakeFirstOrThrow']>>;

export interface NewTokenRow {
  id: string;
  userId: string;
  tokenHash: string;
  name: string;
  scopes: string[];
  /** `null`: the token does not expire. */
  days: number | null;
  /** The session that makes it. The token goes back to a passkey if that does. */
  sessionId: string;
}

export async function insertToken(trx: Trx, token: NewTokenRow): Promise<TokenRow> {
  await trx
    .insertInto('api_tokens')
    .values({
      id: token.id,
      user_id: token.userId,
      token_hash: token.tokenHash,
      name: token.name,
      scopes: token.scopes,
      by_passkey: sql<boolean>`coalesce((select by_passkey from sessions where id = ${token.sessionId}), false)`,
      expires_at: token.days === null ? null : sql<Date>`now() + make_interval(days => ${token.days})`,
    })
    .execute();
  return selectTokens(trx).where('id', '=', token.id).executeTakeFirstOrThrow();
}

/** Finds the tokens of a user, newest first. */
export function findTokensOf(db: Database, userId: string): Promise<TokenRow[]> {
  return selectTokens(db).where('user_id', '=', userId).orderBy('created_at', 'desc').orderBy('id').execute();
}

export async function countTokensOf(trx: Trx, userId: string): Promise<number> {
  const row = await trx
    .selectFrom('api_tokens')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('user_id', '=', userId)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** Finds live tokens with their users, by hash. Leaves out expired ones and disabled users. */
export function findTokens(db: Database, hashes: readonly string[]) {
  return db
    .selectFrom('api_tokens')
    .innerJoin('users', 'users.id', 'api_tokens.user_id')
    .select(['api_tokens.id', 'api_tokens.token_hash as hash', 'api_tokens.scopes'])
    .select(['users.id as userId', 'users.username', 'users.role'])
    .select('api_tokens.by_passkey as byPasskey')
    .select(hasPasskey.as('hasPasskey'))
    .select(isStale.as('stale'))
    .select(currentSnapshot.as('snapshot'))
    .where(sql<boolean>`api_tokens.token_hash = any(${hashes}::text[])`)
    .where(sql<boolean>`not ${isExpired}`)
    .where('users.disabled_at', 'is', null)
    .execute();
}

/** Writes the use of a token, unless one was written within the last minute. */
export async function touchToken(db: Database, id: string, address: string): Promise<void> {
  await db
    .updateTable('api_tokens')
    .set({ last_used_at: sql`now()`, last_address: address })
    .where('id', '=', id)
    .where(isStale)
    .execute();
}

/** Deletes one token of a user. Returns `false` when the user has no such token. */
export async function deleteTokenOf(db: Database, userId: string, id: string): Promise<boolean> {
  const row = await db
    .deleteFrom('api_tokens')
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Deletes every token of a user. */
export async function deleteTokensOf(trx: Trx, userId: string): Promise<void> {
  await trx.deleteFrom('api_tokens').where('user_id', '=', userId).execute();
}
