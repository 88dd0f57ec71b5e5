import type { Database } from '../db/client.ts';
import { inTransaction } from '../db/transaction.ts';
import type { JobQueue } from '../jobs/queue.ts';
import type { TextReader } from '../ocr/text-reader.ts';
import { stageName } from './media.schema.ts';
import { listIds } from './media.repository.ts';
import { lockMedia, updateMediaState, stageNames, stagesIn } from './stages/stages.repository.ts';
import { pending, startStages } from './stages/stages.service.ts';

export interface ReprocessDeps {
  db: Database;
  jobs: JobQueue;
  /** Whether some process recognises text; without one, texts stay unchanged. */
  readsText: boolean;
}

/** Items of a batch. Each is a transaction of its own, so a stop in between loses nothing. */
const BATCH_ITEMS = 200;

/**
 * Makes an item's renditions and text again. Returns `false` if the item is gone.
 *
 * @param overwriteText also replaces a text that a user edited
 */
export function reprocessItem(
  { db, jobs, readsText }: ReprocessDeps,
  mediaId: string,
  { overwriteText = false }: { overwriteText?: boolean } = {},
): Promise<boolean> {
  return inTransaction(db, async (trx) => {
    const row = await lockMedia(trx, mediaId);
    if (!row) return false;
    const stages = (await stageNames(trx, mediaId)).filter((stage) => stage !== 'text' || readsText);
    await startStages(trx, jobs, mediaId, stages.map(pending));
    // Drop a text only if recognition will follow: without a reader, the corrected text stays.
    const rereads = overwriteText && stages.includes('text');
    await updateMediaState(trx, mediaId, rereads ? { text_edited: false } : {});
    return true;
  });
}

/** Every item, every failed item, or one failed item. */
export type ReprocessScope = 'all' | 'failed' | { failed: string };

/**
 * Processes many items again: every item, after a change of the rendition settings, or only failed
 * stages. Skips the trash and keeps texts that a user edited. Returns the number of items with new
 * work.
 */
export function reprocess(deps: ReprocessDeps, scope: ReprocessScope): Promise<number> {
  if (scope === 'all') return reprocessAll(deps);
  return retryFailed(deps, scope === 'failed' ? undefined : scope.failed);
}

/** Retries the failed stages of one item, or of all items. */
async function retryFailed({ db, jobs }: ReprocessDeps, mediaId: string | undefined): Promise<number> {
  let count = 0;
  for (;;) {
    const filter = { limit: BATCH_ITEMS, ...(mediaId === undefined ? {} : { mediaId }) };
    const failed = Map.groupBy(await stagesIn(db, ['failed'], filter), (row) => row.media_id);
    for (const [id, rows] of failed) {
      await inTransaction(db, async (trx) => {
        if (!(await lockMedia(trx, id))) return;
        const stages = rows.map(({ stage }) => stageName.parse(stage));
        await startStages(trx, jobs, id, stages.map(pending));
        await updateMediaState(trx, id);
      });
      count += 1;
    }
    if (failed.size === 0) return count;
  }
}

async function reprocessAll(deps: ReprocessDeps): Promise<number> {
  let count = 0;
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const page = await listIds(deps.db, after, BATCH_ITEMS);
    for (const id of page) if (await reprocessItem(deps, id)) count += 1;
    const last = page.at(-1);
    if (last === undefined) return count;
    after = last;
  }
}

/**
 * Resumes items whose text waited for a reader or for valid models, if a reader works now. Returns
 * their number.
 */
export async function resumeText({
  db,
  jobs,
  reader,
}: {
  db: Database;
  jobs: JobQueue;
  reader: TextReader;
}): Promise<number> {
  if ((await reader.problem()) !== null) return 0;
  const waiting = await stagesIn(db, ['skipped'], { stage: 'text', limit: 1000 });
  for (const { media_id } of waiting) {
    await inTransaction(db, async (trx) => {
      await lockMedia(trx, media_id);
      await startStages(trx, jobs, media_id, [pending('text')]);
      await updateMediaState(trx, media_id);
    });
  }
  return waiting.length;
}
