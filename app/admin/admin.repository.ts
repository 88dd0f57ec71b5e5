import type { Database } from '../db/client.ts';

/** Sums originals by owner and kind. Includes the trash, which uses space until it is purged. */
export async function findUsage(db: Database) {
  return db
    .selectFrom('media')
    .innerJoin('users', 'users.id', 'media.owner_id')
    .select(['users.id as userId', 'users.username', 'media.kind'])
    .select((row) => [
      row.fn.countAll<number>().as('items'),
      row.fn.sum<string>('media.byte_size').as('bytes'),
    ])
    .groupBy(['users.id', 'users.username', 'media.kind'])
    .orderBy('bytes', 'desc')
    .execute();
}

/** Finds the latest failed items outside the trash. */
export async function findFailed(db: Database, limit: number) {
  return db
    .selectFrom('media')
    .innerJoin('users', 'users.id', 'media.owner_id')
    .select(['media.id', 'title', 'original_name', 'thumb_key', 'failure', 'updated_at', 'users.username'])
    .where('state', '=', 'failed')
    .where('deleted_at', 'is', null)
    .orderBy('media.id', 'desc')
    .limit(limit)
    .execute();
}
