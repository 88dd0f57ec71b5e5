import { z } from 'zod';
import type { Database, Trx } from '../db/client.ts';
import { inTransaction } from '../db/transaction.ts';
import type { JobDefinition, JobQueue } from '../jobs/queue.ts';
import {
  lockProgress,
  moveProgress,
  type BackfillProgress,
  type BackfillTable,
} from './backfill-progress.repository.ts';

/** The payload of the job of one item. */
export const backfillPayload = z.object({ mediaId: z.uuid() });

/** Work that a release does for every item of before, by a job for each. */
export interface Backfill {
  table: BackfillTable;
  /** Version of the work. A higher one begins anew. */
  recipe: number;
  job: JobDefinition<string, typeof backfillPayload>;
  /** Lists items that lack the work, newest first, before `before`. */
  list: (trx: Trx, progress: Pick<BackfillProgress, 'before'>, limit: number) => Promise<string[]>;
}

/** Items in work at most, so that a large library does not fill the queue. */
const MAX_PLANNED_ITEMS = 200;
/**
 * Each item gets a job this often. An older release that still runs may add items behind the first
 * pass. A file that fails is not tried for ever.
 */
const PASSES = 2;
/** The largest id. */
const NEWEST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/**
 * Enqueues the next jobs of a backfill, newest items first, when those before are almost done.
 * Returns their number.
 */
export async function planBackfill(
  { db, jobs }: { db: Database; jobs: JobQueue },
  { table, recipe, job, list }: Backfill,
): Promise<number> {
  const state = (await jobs.state()).find(({ name }) => name === job.name);
  const open = state ? state.ready + state.delayed + state.active : 0;
  const limit = MAX_PLANNED_ITEMS - open;
  if (limit < MAX_PLANNED_ITEMS / 2) return 0;
  return inTransaction(db, async (trx) => {
    const progress = await lockProgress(trx, table, recipe);
    if (!progress || progress.passes >= PASSES) return 0;
    const ids = await list(trx, progress, limit);
    for (const mediaId of ids) await jobs.enqueue(trx, job, { mediaId });
    await moveProgress(trx, table, recipe, progressAfter(progress, ids, limit));
    return ids.length;
  });
}

function progressAfter(
  { passes }: BackfillProgress,
  ids: readonly string[],
  limit: number,
): BackfillProgress {
  const last = ids.at(-1);
  if (last === undefined || ids.length < limit) return { before: NEWEST, passes: passes + 1 };
  return { before: last, passes };
}
