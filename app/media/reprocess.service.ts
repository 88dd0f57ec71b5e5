import type { Database } from '../db/client.ts';
import type { JobQueue } from '../jobs/queue.ts';
import { readTextJob } from './media.jobs.ts';
import { takeForReprocessing } from './media.repository.ts';

export interface ReprocessDeps {
  db: Database;
  jobs: JobQueue;
}

/** Everything, everything that failed, or one item that did. */
export type ReprocessScope = 'all' | 'failed' | { failed: string };

/** Items of one transaction: small enough not to hold rows for long. */
const BATCH = 200;

/**
 * Does the background work on items again; they are `processing` until it is done. The trash is left alone, and a text that a
 * person edited stays. Answers how many items.
 */
export async function reprocess({ db, jobs }: ReprocessDeps, scope: ReprocessScope): Promise<number> {
  let count = 0;
  let after: string | null = null;
  do {
    const ids: string[] = await db.transaction().execute(async (trx) => {
      const batch = await takeForReprocessing(trx, scope, after, BATCH);
      for (const mediaId of batch) await jobs.enqueue(trx, readTextJob, { mediaId });
      return batch;
    });
    count += ids.length;
    after = ids.at(-1) ?? null;
  } while (after !== null);
  return count;
}
