import type { Database } from '../db/client.ts';
import { KEY_COLUMNS } from './media.repository.ts';

/**
 * Lists ids, sizes (bytes) and object keys of all rows, the trash included, in the order of ids
 * after `after`.
 */
export function listKeys(db: Database, after: string, limit: number) {
  return db
    .selectFrom('media')
    .select(['id', 'byte_size', ...KEY_COLUMNS])
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();
}
