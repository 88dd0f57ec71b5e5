import type { SessionUser } from '../http/env.ts';
import { inTransaction } from '../db/transaction.ts';
import { requireOwner } from '../http/access.ts';
import { AppError } from '../http/errors.ts';
import { discardObjects } from '../storage/objects.ts';
import type { AddressDeps } from './address.service.ts';
import { discardGalleryCards, discardLater } from './discard.service.ts';
import { emptyTrashJob } from './media.jobs.ts';
import { MAX_BULK_ITEMS, TRASH_DAYS } from './media.limits.ts';
import { keysOf } from './media.repository.ts';
import {
  countTrashed,
  databaseMoment,
  deleteItems,
  lockTrashed,
  type PurgeFilter,
} from './purge.repository.ts';
import type { MovedItems, TrashEmptied } from './bulk.schema.ts';
import { lockMedia } from './stages/stages.repository.ts';
import { requireVisible, visibleTrash } from './visibility.ts';

/** Deletes items for good. Only items in the trash: two steps lie between a click and a loss. */
export interface Purges {
  /**
   * Deletes an item; for its owner or an admin. Errors: `not_found`, `not_allowed`, `not_in_trash`.
   */
  purge(id: string, by: SessionUser): Promise<void>;
  /** Deletes those of the items that are in the trash and the user's; an admin's are anybody's. */
  purgeAll(ids: readonly string[], by: SessionUser): Promise<MovedItems>;
  /**
   * Deletes what is in the trash now: the user's items, or everybody's for an admin. Deletes up to
   * {@link MAX_BULK_ITEMS} at once; a job deletes the rest. Errors: `not_allowed` (all, for a
   * member).
   */
  empty(by: SessionUser, scope: 'mine' | 'all'): Promise<TrashEmptied>;
}

export function createPurges(deps: AddressDeps): Purges {
  const { db, jobs } = deps;
  return {
    async purge(id, by) {
      const { owner_id, deleted_at } = await inTransaction(db, async (trx) =>
        requireVisible(await lockMedia(trx, id), by),
      );
      requireOwner(owner_id, by);
      if (deleted_at === null)
        throw new AppError('not_in_trash', 'Only an item in the trash can be deleted for good.');
      await purgeSome(deps, { ids: [id], ownerId: visibleTrash(by) });
    },

    purgeAll: async (ids, by) => ({ ids: await purgeSome(deps, { ids, ownerId: visibleTrash(by) }) }),

    async empty(by, scope) {
      if (scope === 'all' && by.role !== 'admin')
        throw new AppError('not_allowed', 'Only an admin empties the trash of all.');
      const ownerId = scope === 'all' ? null : by.id;
      const filter = await inTransaction(db, async (trx) => {
        const before = await databaseMoment(trx);
        const items = await countTrashed(trx, { ownerId, before });
        if (items > MAX_BULK_ITEMS)
          await jobs.enqueue(trx, emptyTrashJob, { ownerId, before: before.toISOString() });
        return { ownerId, before };
      });
      const deleted = await purgeSome(deps, filter);
      return { deleted: deleted.length, remaining: await countTrashed(db, filter) };
    },
  };
}

/**
 * Deletes up to {@link MAX_BULK_ITEMS} items: their rows, then their objects. The transaction
 * enqueues the deletion of the objects, so a killed process leaves none. Returns the ids.
 */
async function purgeSome(deps: AddressDeps, filter: PurgeFilter): Promise<string[]> {
  const { db, storage, jobs, logger } = deps;
  const gone = await inTransaction(db, async (trx) => {
    const ids = await lockTrashed(trx, filter, MAX_BULK_ITEMS);
    await discardGalleryCards(jobs, trx, ids);
    const rows = await deleteItems(trx, ids);
    await discardLater(jobs, trx, rows.flatMap(keysOf));
    return rows;
  });
  // A bucket needs a request for each: the job makes them.
  if (storage.addresses) await discardObjects(storage, gone.flatMap(keysOf), logger);
  return gone.map(({ id }) => id);
}

/** Deletes all matching items in batches. Returns their number. */
export async function purgeEvery(
  deps: AddressDeps,
  filter: PurgeFilter,
  signal?: AbortSignal,
): Promise<number> {
  for (let count = 0; ;) {
    signal?.throwIfAborted();
    const gone = await purgeSome(deps, filter);
    count += gone.length;
    if (gone.length < MAX_BULK_ITEMS) return count;
  }
}

/** Deletes items that were in the trash for {@link TRASH_DAYS} days. Returns their number. */
export async function purgeExpired(deps: AddressDeps, signal?: AbortSignal): Promise<number> {
  const before = await databaseMoment(deps.db, TRASH_DAYS);
  return purgeEvery(deps, { ownerId: null, before }, signal);
}
