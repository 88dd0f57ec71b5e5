import { join } from 'node:path';
import type { Selectable } from 'kysely';
import type { Media } from '../db/schema.gen.ts';
import { inTransaction } from '../db/transaction.ts';
import { AppError } from '../http/errors.ts';
import type { JobContext } from '../jobs/queue.ts';
import { discardObjects, ownedBy, storeObjects } from '../storage/objects.ts';
import { streamToFile } from '../util/stream-to-file.ts';
import { inTempFolder } from '../util/temp-folder.ts';
import type { AddressDeps } from './address.service.ts';
import { planBackfill } from './backfill.service.ts';
import { discardLater } from './discard.service.ts';
import { isPermanent } from './fault.ts';
import { firstShownFrame } from './formats/browser-view.ts';
import { fullDecodeOf } from './formats/image.ts';
import { makeThumbnail, missesWords, writeThumbnail, type Thumbnail } from './formats/thumbnail.ts';
import { remakeThumbnailJob } from './media.jobs.ts';
import { MAX_DECODE_BYTES } from './media.limits.ts';
import { pictureOf } from './stages/picture.ts';
import { findStageSource, lockMedia } from './stages/stages.repository.ts';
import type { ThumbnailDeps } from './stages/thumbnail.stage.ts';
import { listOldThumbnails, setThumbnail } from './thumbnail-remakes.repository.ts';
import { THUMB_RECIPE } from './thumbnail.limits.ts';

export interface RemakeDeps extends AddressDeps, ThumbnailDeps {
  /** Folder for temporary files. */
  directory: string;
}

/**
 * Enqueues the next jobs for thumbnails of an older recipe, newest items first, when those before
 * are almost done. Returns their number.
 */
export const planRemakes = (deps: Pick<RemakeDeps, 'db' | 'jobs'>): Promise<number> =>
  planBackfill(deps, {
    table: 'thumbnail_remakes',
    recipe: THUMB_RECIPE,
    job: remakeThumbnailJob,
    list: (trx, progress, limit) => listOldThumbnails(trx, THUMB_RECIPE, progress, limit),
  });

/**
 * Makes the thumbnail of an item again, if it is of an older recipe or misses the words. Its source
 * is the original, or the poster of a video. Safe to run twice and to be killed. Until the end, and
 * for a file that fails, the item keeps its thumbnail.
 *
 * Errors: those of storage and database, and any of the server, after which it is tried again.
 */
export async function remakeThumbnail(
  deps: RemakeDeps,
  mediaId: string,
  { signal, logger }: Pick<JobContext, 'signal' | 'logger'>,
): Promise<void> {
  const row = await findStageSource(deps.db, mediaId);
  if (!row || !isOld(row)) return;
  try {
    await inTempFolder(deps.directory, 'remake-', async (folder) => {
      const thumbnail = await makeAgain(deps, row, folder, signal);
      signal.throwIfAborted();
      await adopt(deps, row, thumbnail, folder);
    });
  } catch (err) {
    if (signal.aborted || !(err instanceof AppError && isPermanent(err))) throw err;
    logger.warn({ err, mediaId }, 'the item keeps its old thumbnail');
  }
}

type Row = Selectable<Media>;

const isOld = (row: Row): row is Row & { thumb_key: string } =>
  row.thumb_key !== null && (row.thumb_recipe < THUMB_RECIPE || missesWords(row));

async function makeAgain(
  { storage, decoding, ffmpeg }: RemakeDeps,
  row: Row,
  folder: string,
  signal: AbortSignal,
): Promise<Thumbnail> {
  const isVideo = row.kind === 'video';
  const bytes = await storage.read((isVideo ? row.poster_key : null) ?? row.object_key);
  // The item may have moved to new keys since its row was read.
  if (!bytes) throw new Error('The file of the item is not there.');
  const source = join(folder, 'source');
  await streamToFile(bytes, source, signal);
  // An animated AVIF can be opened by ffmpeg only.
  const need = await fullDecodeOf(source).then(
    (decode) => decode.bytes,
    () => MAX_DECODE_BYTES,
  );
  const thumbnail = await decoding.run(Math.min(need, MAX_DECODE_BYTES), async () =>
    makeThumbnail(
      isVideo ? source : await firstShownFrame(pictureOf({ row, source }), { ffmpeg, folder, signal }),
      row.words_top,
    ),
  );
  // A video has its poster for large tiles.
  return isVideo ? { ...thumbnail, large: null } : thumbnail;
}

/**
 * Names the new thumbnail in the row, if the item still has the same file. The transaction enqueues
 * the deletion of the old one, so a killed process leaves none.
 */
async function adopt(
  { db, jobs, storage, logger }: RemakeDeps,
  row: Row & { thumb_key: string },
  thumbnail: Thumbnail,
  folder: string,
): Promise<void> {
  const { objects, values } = await writeThumbnail(folder, thumbnail);
  await storeObjects(storage, ownedBy(row.id, objects, values), logger);
  const before = [row.thumb_key, row.large_key].filter((key) => key !== null);
  const adopted = await inTransaction(db, async (trx) => {
    const now = await lockMedia(trx, row.id);
    if (
      now?.object_key !== row.object_key ||
      now.thumb_key !== row.thumb_key ||
      now.words_top !== row.words_top
    )
      return false;
    // The trash has no public addresses.
    if (now.deleted_at !== null) for (const { key } of objects) await storage.addresses?.hide(key);
    await setThumbnail(trx, row.id, values);
    await discardLater(jobs, trx, before);
    return true;
  });
  await discardObjects(storage, adopted ? before : objects, logger);
  if (!adopted) throw new Error('The item has changed meanwhile.');
}
