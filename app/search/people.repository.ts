import { sql } from 'kysely';
import type { Database } from '../db/client.ts';

/** Returns users by the beginning of their name (NFKC, lower case). */
export async function peopleStarting(db: Database, key: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('users')
    .select('username')
    .where(sql<boolean>`starts_with(username_key, ${key})`)
    .orderBy('username_key')
    .limit(limit)
    .execute();
  return rows.map((row) => row.username);
}

/** Returns the names of all users with items outside the trash, in alphabetical order. */
export async function contributors(db: Database, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('users')
    .select('username')
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('media')
          .select('media.id')
          .whereRef('media.owner_id', '=', 'users.id')
          .where('media.deleted_at', 'is', null),
      ),
    )
    .orderBy('username_key')
    .limit(limit)
    .execute();
  return rows.map((row) => row.username);
}

/** Returns the ids of users by their name keys. */
export async function findUserIds(
  db: Database,
  keys: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (keys.length === 0) return new Map();
  const rows = await db
    .selectFrom('users')
    .select(['id', 'username_key'])
    .where('username_key', 'in', keys)
    .execute();
  return new Map(rows.map((row) => [row.username_key, row.id]));
}
