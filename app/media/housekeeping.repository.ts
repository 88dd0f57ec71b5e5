import { sql } from 'kysely';
import type { Database } from '../db/client.ts';
import { KEY_COLUMNS } from './media.repository.ts';

/**
 * Deletes rows that have been in the trash for longer than `days`, the oldest first.
 * @param limit most rows at once
 * @returns the keys of their objects, which the caller deletes
 */
export function deleteExpiredTrash(db: Database, days: number, limit: number) {
  return db
    .deleteFrom('media')
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('media')
        .select('id')
        .where('deleted_at', '<', sql<Date>`now() - make_interval(days => ${days})`)
        .orderBy('deleted_at')
        .limit(limit)
        .forUpdate()
        .skipLocked(),
    )
    .returning(KEY_COLUMNS)
    .execute();
}

/** Lists ids, sizes (bytes) and object keys of all rows, the trash included, in the order of ids after `after`. */
export function listKeys(db: Database, after: string, limit: number) {
  return db
    .selectFrom('media')
    .select(['id', 'byte_size', ...KEY_COLUMNS])
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();
}
