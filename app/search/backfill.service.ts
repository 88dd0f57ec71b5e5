import type { Database } from '../db/client.ts';
import { inTransaction } from '../db/transaction.ts';
import { lockBackfill, lockNextItems, moveBackfill, reindexItems } from './backfill.repository.ts';

/**
 * Number of items per transaction. It takes some tenths of a second, and a change of such an item
 * waits this long.
 */
const MAX_BATCH_ITEMS = 100;

/**
 * Reindexes the items that a migration has marked, batch by batch, until none is left or `signal`
 * aborts.
 *
 * Each batch is a transaction of its own, so a stop loses one batch at most.
 *
 * @returns the number of reindexed items
 *
 * @example
 * const items = await backfillSearch(db, signal);
 */
export async function backfillSearch(db: Database, signal: AbortSignal): Promise<number> {
  let items = 0;
  while (!signal.aborted) {
    const done = await inTransaction(db, async (trx) => {
      const after = await lockBackfill(trx);
      if (after === null) return 0;
      const ids = await lockNextItems(trx, after, MAX_BATCH_ITEMS);
      await reindexItems(trx, ids);
      await moveBackfill(trx, ids.at(-1) ?? null);
      return ids.length;
    });
    if (done === 0) break;
    items += done;
  }
  return items;
}
