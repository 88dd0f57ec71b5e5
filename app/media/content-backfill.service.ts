import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import type { Database } from '../db/client.ts';
import { inTransaction } from '../db/transaction.ts';
import type { JobContext, JobQueue } from '../jobs/queue.ts';
import type { Storage } from '../storage/storage.ts';
import { planBackfill } from './backfill.service.ts';
import { hasContent, listUnhashed, setContent } from './content.repository.ts';
import { hashContentJob } from './media.jobs.ts';
import { findStageSource, lockMedia } from './stages/stages.repository.ts';

export interface ContentBackfillDeps {
  db: Database;
  storage: Storage;
  jobs: JobQueue;
}

/** Version of the work: 1 records the SHA-256 of the stored original. */
const CONTENT_RECIPE = 1;

/** Enqueues the next jobs for items of older releases, newest first. Returns their number. */
export const planContentBackfill = (deps: Pick<ContentBackfillDeps, 'db' | 'jobs'>): Promise<number> =>
  planBackfill(deps, {
    table: 'content_backfill',
    recipe: CONTENT_RECIPE,
    job: hashContentJob,
    list: listUnhashed,
  });

/**
 * Records the SHA-256 of an item's stored original. Reads it as a stream. Safe to run twice and to
 * be killed.
 *
 * Errors: those of storage and database, after which it is tried again.
 */
export async function hashContent(
  { db, storage }: Pick<ContentBackfillDeps, 'db' | 'storage'>,
  mediaId: string,
  { signal }: Pick<JobContext, 'signal'>,
): Promise<void> {
  const row = await findStageSource(db, mediaId);
  if (!row || (await hasContent(db, mediaId, row.sha256))) return;
  const bytes = await storage.read(row.object_key);
  // The item may have moved to another key since its row was read.
  if (!bytes) throw new Error('The file of the item is not there.');
  const hash = createHash('sha256');
  await pipeline(bytes, hash, { signal });
  const stored = hash.digest('hex');
  await inTransaction(db, async (trx) => {
    const now = await lockMedia(trx, mediaId);
    // A replacement records its own file. A new address has the same file.
    if (now?.sha256 === row.sha256) await setContent(trx, mediaId, { upload: row.sha256, stored });
  });
}
