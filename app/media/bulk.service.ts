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

/** What is done to many items at once. Nobody's rights grow by it: what one may not do to an item is left undone. */
export interface SelectionService {
  /** Into the trash: one's own, an admin anybody's. All that move, move together. */
  remove(ids: readonly string[], by: SessionUser): Promise<SelectionMoved>;
  /** Out of the trash: one's own, an admin anybody's. */
  restore(ids: readonly string[], by: SessionUser): Promise<SelectionMoved>;
  /** The originals as one archive; those in other people's trash are left out. Errors: not_found when none is left. */
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
