import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Database } from '../db/client.ts';
import { inTransaction } from '../db/transaction.ts';
import type { JobContext, JobQueue } from '../jobs/queue.ts';
import type { Storage } from '../storage/storage.ts';
import { inTempFolder } from '../util/temp-folder.ts';
import { readFingerprint, type FingerprintDeps } from './alike/fingerprint.ts';
import { planBackfill } from './backfill.service.ts';
import { FINGERPRINT_RECIPE, hasContent, listUnrecorded, setContent } from './content.repository.ts';
import { hashContentJob } from './media.jobs.ts';
import { mediaKind } from './media.schema.ts';
import { pictureOf } from './stages/picture.ts';
import { findStageSource, lockMedia } from './stages/stages.repository.ts';

export interface ContentBackfillDeps extends FingerprintDeps {
  db: Database;
  storage: Storage;
  jobs: JobQueue;
  /** Folder for temporary files. */
  directory: string;
}

/** Version of the work. 1 recorded the SHA-256 of the stored original only. */
const CONTENT_RECIPE = 1 + FINGERPRINT_RECIPE;

/** Enqueues the next jobs for items of older releases, newest first. Returns their number. */
export const planContentBackfill = (deps: Pick<ContentBackfillDeps, 'db' | 'jobs'>): Promise<number> =>
  planBackfill(deps, {
    table: 'content_backfill',
    recipe: CONTENT_RECIPE,
    job: hashContentJob,
    list: listUnrecorded,
  });

/**
 * Records the SHA-256 of an item's stored original, and its fingerprint. Safe to run twice and to
 * be killed. A file that cannot be decoded has no fingerprint.
 *
 * Errors: those of storage, database and server, after which it is tried again.
 */
export async function hashContent(
  deps: Omit<ContentBackfillDeps, 'jobs'>,
  mediaId: string,
  { signal }: Pick<JobContext, 'signal'>,
): Promise<void> {
  const { db, storage } = deps;
  const row = await findStageSource(db, mediaId);
  if (!row || (await hasContent(db, mediaId, row.sha256))) return;
  const bytes = await storage.read(row.object_key);
  // The item may have moved to another key since its row was read.
  if (!bytes) throw new Error('The file of the item is not there.');
  await inTempFolder(deps.directory, 'content-', async (folder) => {
    const source = join(folder, 'source');
    const hash = createHash('sha256');
    const hashed = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        done(null, chunk);
      },
    });
    await pipeline(bytes, hashed, createWriteStream(source, { flags: 'wx' }), { signal });
    const kind = mediaKind.parse(row.kind);
    const fingerprint = await readFingerprint(deps, { ...pictureOf({ row, source }), kind }, folder, signal);
    const content = { upload: row.sha256, stored: hash.digest('hex'), fingerprint };
    await inTransaction(db, async (trx) => {
      const now = await lockMedia(trx, mediaId);
      // A replacement records its own file. A new address has the same file.
      if (now?.sha256 === row.sha256) await setContent(trx, mediaId, content);
    });
  });
}
