import type { Database } from '../db/client.ts';
import { inTransaction } from '../db/transaction.ts';
import { lockBackfill, lockNextItems, moveBackfill, reindexItems } from './backfill.repository.ts';

/** Items of one transaction: some tenths of a second, for so long somebody who changes one of them may have to wait. */
const MAX_BATCH_ITEMS = 100;

/**
 * Indexes items anew that a migration has left, batch by batch, until none is left or `signal` aborts. Each batch is a
 * transaction of its own, so a stop loses one batch. Answers how many items it did.
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
