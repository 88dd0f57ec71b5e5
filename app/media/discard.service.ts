import type { Trx } from '../db/client.ts';
import type { JobQueue } from '../jobs/queue.ts';
import { endGalleryCards } from '../shares/card-ends.repository.ts';
import { discardObjectsJob } from './media.jobs.ts';

/** Keys in one job: some seconds of requests to a bucket. */
const MAX_DISCARDED_KEYS = 500;

/**
 * Enqueues the deletion of objects, in the transaction that unnames them. So a process that is
 * killed afterwards leaves none. The caller may also delete them at once after the commit.
 */
export async function discardLater(jobs: JobQueue, trx: Trx, keys: readonly string[]): Promise<void> {
  for (let from = 0; from < keys.length; from += MAX_DISCARDED_KEYS) {
    const some = keys.slice(from, from + MAX_DISCARDED_KEYS);
    await jobs.enqueue(trx, discardObjectsJob, { keys: some });
  }
}

/**
 * Discards the sharing pictures of galleries that have one of these items. Call it under the locks
 * of the items when they change what a gallery shows. The next request makes a new picture.
 */
export async function discardGalleryCards(
  jobs: JobQueue,
  trx: Trx,
  itemIds: readonly string[],
): Promise<void> {
  await discardLater(jobs, trx, await endGalleryCards(trx, itemIds));
}
