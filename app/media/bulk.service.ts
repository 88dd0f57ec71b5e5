import type { SessionUser } from '../http/env.ts';
import type { Database } from '../db/client.ts';
import { inTransaction } from '../db/transaction.ts';
import { AppError } from '../http/errors.ts';
import type { Storage } from '../storage/storage.ts';
import { visibleTrash } from './visibility.ts';
import { findOriginals, moveItems } from './bulk.repository.ts';
import type { SelectionMoved } from './bulk.schema.ts';
import { zipNames } from './zip-names.ts';
import { zipOf, type Zip } from './zip.ts';

/**
 * Operations on many items at once. Rights are those of single items: a forbidden item is skipped.
 */
export interface SelectionService {
  /**
   * Moves the user's items into the trash; an admin may move anybody's. All of them move together.
   */
  remove(ids: readonly string[], by: SessionUser): Promise<SelectionMoved>;
  /** Restores the user's items from the trash; an admin may restore anybody's. */
  restore(ids: readonly string[], by: SessionUser): Promise<SelectionMoved>;
  /**
   * Packs the originals into one archive. Omits items in other users' trash. Errors: `not_found` if
   * none is left.
   */
  zip(ids: readonly string[], by: SessionUser): Promise<Zip>;
}

export function createSelections(db: Database, storage: Storage): SelectionService {
  const move = (ids: readonly string[], by: SessionUser, deleted: boolean) =>
    inTransaction(db, async (trx) => ({ ids: await moveItems(trx, ids, visibleTrash(by), deleted) }));

  return {
    remove: (ids, by) => move(ids, by, true),
    restore: (ids, by) => move(ids, by, false),

    async zip(ids, by) {
      const rows = await findOriginals(db, ids, visibleTrash(by));
      if (rows.length === 0) throw new AppError('not_found', 'None of these items is here.');
      const names = zipNames(rows);
      const entries = rows.map((row, i) => ({
        name: names[i] ?? row.object_key,
        key: row.object_key,
        size: row.byte_size,
        at: row.created_at,
      }));
      return zipOf(storage, entries);
    },
  };
}
