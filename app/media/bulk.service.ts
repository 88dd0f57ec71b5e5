import type { Readable } from 'node:stream';
import type { SessionUser } from '../http/env.ts';
import { inTransaction } from '../db/transaction.ts';
import { AppError } from '../http/errors.ts';
import { findObject } from '../storage/find-object.ts';
import { syncAtOnce, syncLater, type AddressDeps } from './address.service.ts';
import { visibleTrash } from './visibility.ts';
import { findOriginalKey, findOriginals, moveItems } from './bulk.repository.ts';
import type { MovedItems, RestoredItems } from './bulk.schema.ts';
import { lockForUndo, undoMerges } from './duplicates/merge.service.ts';
import { findMediaByIds } from './media.repository.ts';
import { toListItem } from './media.view.ts';
import { zipNames } from './zip-names.ts';
import { zipOf, type Zip } from './zip.ts';

/**
 * Operations on many items at once. Rights are those of single items: a forbidden item is skipped.
 */
export interface BulkService {
  /**
   * Moves the user's items into the trash; an admin may move anybody's. All of them move together.
   */
  remove(ids: readonly string[], by: SessionUser): Promise<MovedItems>;
  /** Restores the user's items from the trash; an admin may restore anybody's. */
  restore(ids: readonly string[], by: SessionUser): Promise<RestoredItems>;
  /**
   * Packs the originals into one archive. Omits items in other users' trash. Errors: `not_found` if
   * none is left.
   */
  zip(ids: readonly string[], by: SessionUser): Promise<Zip>;
}

export function createBulk(deps: AddressDeps): BulkService {
  const { db, storage } = deps;

  async function move(ids: readonly string[], by: SessionUser, deleted: boolean): Promise<MovedItems> {
    const moved = await inTransaction(db, async (trx) => {
      if (!deleted) await lockForUndo(trx, ids);
      const moved = await moveItems(trx, ids, visibleTrash(by), deleted);
      if (!deleted) await undoMerges(trx, moved);
      await syncLater(deps, trx, moved);
      return moved;
    });
    await syncAtOnce(deps, moved);
    return { ids: moved };
  }

  return {
    remove: (ids, by) => move(ids, by, true),
    async restore(ids, by) {
      const moved = await move(ids, by, false);
      const rows = await findMediaByIds(db, moved.ids);
      return { ...moved, items: rows.map((row) => toListItem(row, storage, by.id)) };
    },

    async zip(ids, by) {
      const rows = await findOriginals(db, ids, visibleTrash(by));
      if (rows.length === 0) throw new AppError('not_found', 'None of these items exists.');
      const names = zipNames(rows);
      const entries = rows.map((row, i) => ({
        name: names[i] ?? row.object_key,
        key: row.object_key,
        size: row.byte_size,
        at: row.created_at,
      }));
      const idOfKey = new Map(rows.map((row) => [row.object_key, row.id]));
      // A large archive is read for minutes: meanwhile an item may have moved to another key.
      const read = (key: string) =>
        findObject<string, Readable>(key, {
          again: () => findOriginalKey(db, idOfKey.get(key) ?? ''),
          keyOf: (now) => now,
          open: (now) => storage.read(now),
        });
      return zipOf({ read }, entries);
    },
  };
}
