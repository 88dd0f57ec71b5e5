import type { Database } from '../db/client.ts';
import { inTransaction } from '../db/transaction.ts';
import type { JobQueue } from '../jobs/queue.ts';
import { discardLater } from '../media/discard.service.ts';
import { endUnsharedCards } from './card-ends.repository.ts';

/**
 * Discards the sharing pictures that no live share shows: of galleries that ended, and of items
 * whose shares all ended. Safe to run twice. Returns their number.
 */
export async function endCards({ db, jobs }: { db: Database; jobs: JobQueue }): Promise<number> {
  for (let count = 0; ;) {
    const { keys, more } = await inTransaction(db, async (trx) => {
      const ended = await endUnsharedCards(trx);
      await discardLater(jobs, trx, ended.keys);
      return ended;
    });
    count += keys.length;
    if (!more) return count;
  }
}
