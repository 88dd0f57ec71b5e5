import { sql } from 'kysely';
import type { Database, Trx } from '../db/client.ts';
import { currentSnapshot } from '../db/snapshot-cache.ts';
import { hasPasskey } from '../passkeys/passkeys.repository.ts';

export async function insertSession(
  db: Database | Trx,
  session: { id: string; userId: string; userAgent: string; byPasskey: boolean },
): Promise<void> {
  await db
    .insertInto('sessions')
    .values({
      id: session.id,
      user_id: session.userId,
      user_agent: session.userAgent,
      by_passkey: session.byPasskey,
    })
    .execute();
}

export async function hasSession(trx: Trx, id: string): Promise<boolean> {
  return (
    (await trx.selectFrom('sessions').select('id').where('id', '=', id).executeTakeFirst()) !== undefined
  );
}

/** Tells whether a session goes back to a passkey. The caller holds the account's lock. */
export async function isByPasskey(trx: Trx, id: string): Promise<boolean> {
  const row = await trx.selectFrom('sessions').select('by_passkey').where('id', '=', id).executeTakeFirst();
  return row?.by_passkey ?? false;
}

/** Notes that a passkey was used or added in a session. The caller holds the account's lock. */
export async function markByPasskey(trx: Trx, id: string): Promise<void> {
  await trx.updateTable('sessions').set({ by_passkey: true }).where('id', '=', id).execute();
}

export interface SessionRow {
  id: string;
  userId: string;
  username: string;
  role: string;
  /** Whether the session goes back to a passkey. */
  byPasskey: boolean;
  /** Whether the user has any passkey now. */
  hasPasskey: boolean;
  /** Seconds since the last use of the session, by the database's clock. */
  idleSeconds: number;
  /** Snapshot of this query; see app/db/snapshot-cache.ts. */
  snapshot: string;
}

const notUsedFor = (seconds: number) => sql<Date>`now() - make_interval(secs => ${seconds})`;

/**
 * Finds sessions with their users. Leaves out disabled users and sessions idle for
 * `maxIdleSeconds`.
 */
export function findSessions(
  db: Database,
  ids: readonly string[],
  maxIdleSeconds: number,
): Promise<SessionRow[]> {
  return db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .select(['sessions.id', 'users.id as userId', 'users.username', 'users.role'])
    .select('sessions.by_passkey as byPasskey')
    .select(hasPasskey.as('hasPasskey'))
    .select(sql<number>`extract(epoch from now() - sessions.last_seen_at)::float8`.as('idleSeconds'))
    .select(currentSnapshot.as('snapshot'))
    .where(sql<boolean>`sessions.id = any(${ids}::uuid[])`)
    .where('users.disabled_at', 'is', null)
    .where('sessions.last_seen_at', '>', notUsedFor(maxIdleSeconds))
    .execute();
}

/** Finds a user's live sessions, last used first. */
export async function findSessionsOf(db: Database, userId: string, maxIdleSeconds: number) {
  return db
    .selectFrom('sessions')
    .select(['id', 'user_agent', 'created_at', 'last_seen_at'])
    .where('user_id', '=', userId)
    .where('last_seen_at', '>', notUsedFor(maxIdleSeconds))
    .orderBy('last_seen_at', 'desc')
    .orderBy('id')
    .execute();
}

export async function touchSession(db: Database, id: string): Promise<void> {
  await db
    .updateTable('sessions')
    .set({ last_seen_at: sql`now()` })
    .where('id', '=', id)
    .execute();
}

export async function deleteSession(db: Database, id: string): Promise<void> {
  await db.deleteFrom('sessions').where('id', '=', id).execute();
}

/** Deletes one session of a user. Returns `false` when the user has no such session. */
export async function deleteSessionOf(db: Database, userId: string, id: string): Promise<boolean> {
  const row = await db
    .deleteFrom('sessions')
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Deletes every session of a user, except the given one. */
export async function deleteSessionsOf(db: Database | Trx, userId: string, except?: string): Promise<void> {
  let query = db.deleteFrom('sessions').where('user_id', '=', userId);
  if (except !== undefined) query = query.where('id', '!=', except);
  await query.execute();
}

/** Deletes expired sessions, which open nothing any more. */
export async function deleteIdleSessionsOf(
  db: Database | Trx,
  userId: string,
  maxIdleSeconds: number,
): Promise<void> {
  await db
    .deleteFrom('sessions')
    .where('user_id', '=', userId)
    .where('last_seen_at', '<=', notUsedFor(maxIdleSeconds))
    .execute();
}
