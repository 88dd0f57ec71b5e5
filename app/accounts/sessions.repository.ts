import { sql } from 'kysely';
import type { Database, Trx } from '../db/client.ts';

export async function insertSession(
  db: Database | Trx,
  session: { id: string; userId: string; userAgent: string },
): Promise<void> {
  await db
    .insertInto('sessions')
    .values({ id: session.id, user_id: session.userId, user_agent: session.userAgent })
    .execute();
}

export interface SessionRow {
  id: string;
  userId: string;
  username: string;
  role: string;
  /** Seconds since the session was last used, by the database's clock. */
  idleSeconds: number;
}

/** The session with its owner, unless the owner is disabled or it was not used for `maxIdleSeconds`. */
export async function findSession(
  db: Database,
  id: string,
  maxIdleSeconds: number,
): Promise<SessionRow | null> {
  const row = await db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .select(['sessions.id', 'users.id as userId', 'users.username', 'users.role'])
    .select(sql<number>`extract(epoch from now() - sessions.last_seen_at)::float8`.as('idleSeconds'))
    .where('sessions.id', '=', id)
    .where('users.disabled_at', 'is', null)
    .where('sessions.last_seen_at', '>', sql<Date>`now() - make_interval(secs => ${maxIdleSeconds})`)
    .executeTakeFirst();
  return row ?? null;
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
