import type { Database } from '../db/client.ts';

/** Originals by owner and kind, the trash included: they take room until they are purged. */
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

/** The latest items that failed and are not in the trash. */
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
