import { mkdtemp, rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { Updateable } from 'kysely';
import type { Logger } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { renumberCollected } from '../collections/collection-items.repository.ts';
import type { SessionUser } from '../http/env.ts';
import type { Database, Trx } from '../db/client.ts';
import type { Media } from '../db/schema.gen.ts';
import { inTransaction } from '../db/transaction.ts';
import { requireOwner } from '../http/access.ts';
import { AppError } from '../http/errors.ts';
import type { UploadForm } from '../http/multipart.ts';
import type { JobQueue } from '../jobs/queue.ts';
import { withdrawItems } from '../shares/shares.repository.ts';
import type { Storage } from '../storage/storage.ts';
import { changeTags } from '../tags/tags.repository.ts';
import { FORMAT_LABELS, isVideo, type Format } from './formats/formats.limits.ts';
import { sniffFormat } from './formats/sniff.ts';
import { findByContent, lockContent, setContent } from './content.repository.ts';
import { deleteMerges } from './duplicates/merges.repository.ts';
import { findMedia, findNames, insertMedia, keysOf, type MediaRow } from './media.repository.ts';
import { alreadyHere, deleteReclaimed, lockReclaimed } from './reclaim.service.ts';
import { hashContentJob } from './media.jobs.ts';
import type { MediaItem, StageName } from './media.schema.ts';
import { toItem } from './media.view.ts';
import { discardObjects, ownedBy, storeObjects } from '../storage/objects.ts';
import { discardGalleryCards, discardLater } from './discard.service.ts';
import { prepareFile, videoUnsupported, type PrepareDeps, type Prepared } from './ingest.ts';
import { dropStages, lockMedia, updateMediaState, type StageEntry } from './stages/stages.repository.ts';
import { startStages } from './stages/stages.service.ts';
import { spool, spoolStream, type SpooledFile } from './spool.ts';
import { isVisible, requireVisible } from './visibility.ts';

export interface UploadDeps extends PrepareDeps {
  db: Database;
  storage: Storage;
  jobs: JobQueue;
  logger: Logger;
  /** Directory of temporary files. */
  directory: string;
  /** If false, the item is ready without its text, which waits for a process with a reader. */
  readsText: boolean;
}

export interface Upload {
  file: SpooledFile;
  by: SessionUser;
  title: string;
  /** Normalised names. */
  tags: readonly string[];
  /** Writes what belongs to the item, in its transaction. An {@link AppError} refuses the item. */
  alongside?: (trx: Trx, id: string) => Promise<void>;
}

export interface Uploads {
  /**
   * Spools the file of a form. Its first bytes decide whether the rest is received. Errors: as
   * `spool`, `unsupported_type`, `video_unsupported`.
   */
  receive(form: UploadForm): Promise<SpooledFile>;
  /**
   * Spools a file that has come by another way. Errors: as `spoolStream`, `unsupported_type`,
   * `video_unsupported`.
   */
  collect(source: Readable, of: { originalName: string; maxBytes: number }): Promise<SpooledFile>;
  /** Refuses a file by its first bytes. Errors: `unsupported_type`, `video_unsupported`. */
  checkHead(head: Uint8Array): void;
  /**
   * Creates an item from a spooled file: strip, probe, thumbnail, storage, then row and jobs in one
   * transaction. Returns the item. Leaves nothing behind on an error.
   *
   * An item of this content in the trash of others becomes the sender's. It gets the new file,
   * keeps tags and texts, and loses its shares. A given title replaces the old one.
   *
   * Errors: `already_here` (with the id), and those of `prepareFile`.
   */
  add(upload: Upload): Promise<MediaItem>;
  /**
   * Replaces an item's file and runs all stages again. Keeps title, description, tags and an edited
   * text. An item of this content in the trash of others ends, and the item gets its tags. For the
   * owner or an admin. Errors: as `add`, `not_found`, `not_allowed`.
   */
  replace(id: string, file: SpooledFile, by: SessionUser): Promise<void>;
}

export function createUploads(deps: UploadDeps): Uploads {
  /**
   * Prepares and stores a file, then calls `commit` to write the row. Discards the objects if that
   * is refused.
   *
   * @param itemId item of the objects; `null` for a new one, or the one that the file brings back
   */
  async function keep(
    itemId: string | null,
    file: SpooledFile,
    by: SessionUser,
    commit: (trx: Trx, prepared: Prepared, id: string, hashes: readonly string[]) => Promise<void>,
  ) {
    await findHidden(deps.db, [file.sha256], by);
    const folder = await mkdtemp(`${file.path}-`);
    try {
      const prepared = await prepareFile(deps, file, folder);
      const hashes = [file.sha256, prepared.storedSha256];
      const hidden = await findHidden(deps.db, hashes, by);
      const id = itemId ?? hidden ?? uuidv7();
      const objects = ownedBy(id, prepared.objects, prepared.values);
      await storeObjects(deps.storage, objects, deps.logger);
      try {
        await inTransaction(deps.db, async (trx) => {
          await lockContent(trx, hashes);
          await commit(trx, prepared, id, hashes);
        });
      } catch (error) {
        if (error instanceof AppError) {
          // Our own refusal: the transaction is certainly rolled back.
          await discardObjects(deps.storage, prepared.objects, deps.logger);
          throw error;
        }
        // The commit may have succeeded unnoticed. If the database cannot tell, the sweep checks
        // the rows later.
        if (!(await isKept(deps.db, prepared.values.object_key))) throw error;
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /**
   * Gives an item another file, in a transaction that has its lock. Returns the keys of the former
   * objects, whose deletion is enqueued.
   */
  async function putFile(
    trx: Trx,
    before: NonNullable<Awaited<ReturnType<typeof lockMedia>>>,
    file: SpooledFile,
    prepared: Prepared,
    values: Pick<Updateable<Media>, 'owner_id' | 'deleted_at' | 'title'> = {},
  ): Promise<string[]> {
    const { id } = before;
    await dropStages(trx, id, [...prepared.done, ...prepared.todo]);
    await startStages(trx, deps.jobs, id, stagesOf(deps, prepared));
    await updateMediaState(trx, id, {
      sha256: file.sha256,
      original_name: nameOf(file, prepared),
      ...prepared.values,
      poster_key: null,
      preview_key: null,
      playback_key: null,
      card_key: null,
      words_top: null,
      // The new keys are public, also those of an item in the trash. Its job hides them.
      hidden_in: null,
      ...(before.text_edited ? {} : { text: '' }),
      ...values,
    });
    await recordContent(trx, deps.jobs, id, file, prepared);
    await discardLater(deps.jobs, trx, keysOf(before));
    await discardGalleryCards(deps.jobs, trx, [id]);
    return keysOf(before);
  }

  /** Inserts the row of a new item. */
  async function insertItem(trx: Trx, id: string, { file, by, title }: Upload, prepared: Prepared) {
    const stages = stagesOf(deps, prepared);
    const inserted = await insertMedia(trx, {
      id,
      owner_id: by.id,
      title,
      sha256: file.sha256,
      original_name: nameOf(file, prepared),
      state: stages.some(({ state }) => state === 'pending') ? 'processing' : 'ready',
      ...prepared.values,
    });
    if (!inserted) throw await raceLost(trx, file.sha256, by);
    await recordContent(trx, deps.jobs, id, file, prepared);
    await startStages(trx, deps.jobs, id, stages);
  }

  return {
    receive: (form) => spool(form, deps.directory, (head) => acceptedFormat(deps, head)),
    collect: (source, of) => spoolStream(source, deps.directory, of, (head) => acceptedFormat(deps, head)),
    checkHead: (head) => void acceptedFormat(deps, head),

    async add(upload) {
      const { file, by, title, tags, alongside } = upload;
      // Every try of the transaction sets these anew.
      let row: MediaRow | null = null;
      let replaced: string[] = [];
      await keep(null, file, by, async (trx, prepared, id, hashes) => {
        const back = await lockReclaimed(trx, by, hashes, { tags });
        const twins = back.ids.filter((one) => one !== id);
        replaced = await deleteReclaimed(deps.jobs, trx, twins);
        const before = back.ids.includes(id) ? await lockMedia(trx, id) : null;
        if (before) {
          // Its former owner has closed these links, and does not open them again.
          const values = { owner_id: by.id, deleted_at: null, ...(title !== '' && { title }) };
          replaced.push(...(await putFile(trx, before, file, prepared, values)));
          await withdrawItems(trx, [id]);
          await deleteMerges(trx, [id]);
          await renumberCollected(trx, [id]);
        } else await insertItem(trx, id, upload, prepared);
        await changeTags(trx, [id], { add: [...new Set([...tags, ...back.tags])] });
        await alongside?.(trx, id);
        row = await findMedia(trx, id);
      });
      await discardObjects(deps.storage, replaced, deps.logger);
      if (row === null) throw new Error('The transaction ended without its row.');
      return toItem(row, deps.storage, by.id);
    },

    async replace(id, file, by) {
      // Every try sets this anew.
      let replaced: string[] = [];
      await keep(id, file, by, async (trx, prepared, _, hashes) => {
        const back = await lockReclaimed(trx, by, hashes, { also: [id] });
        const before = requireVisible(await lockMedia(trx, id), by);
        requireOwner(before.owner_id, by);
        replaced = await deleteReclaimed(deps.jobs, trx, back.ids);
        replaced.push(...(await putFile(trx, before, file, prepared)));
        await changeTags(trx, [id], { add: back.tags });
      });
      await discardObjects(deps.storage, replaced, deps.logger);
    },
  };
}

/** Records hashes and fingerprint. A job makes that of an animation or a video. */
async function recordContent(
  trx: Trx,
  jobs: JobQueue,
  mediaId: string,
  { sha256 }: SpooledFile,
  { storedSha256, fingerprint }: Prepared,
): Promise<void> {
  await setContent(trx, mediaId, { upload: sha256, stored: storedSha256, fingerprint });
  if (fingerprint === null) await jobs.enqueue(trx, hashContentJob, { mediaId });
}

/** Returns the stages of a new file. Text recognition waits for a process that has a reader. */
function stagesOf({ readsText }: UploadDeps, { done, todo }: Prepared): StageEntry[] {
  const later = (stage: StageName) => stage === 'text' && !readsText;
  return [
    ...done.map((stage): StageEntry => ({ stage, state: 'done' })),
    ...todo.map((stage): StageEntry => ({ stage, state: later(stage) ? 'skipped' : 'pending' })),
  ];
}

function acceptedFormat({ ffmpeg }: UploadDeps, head: Uint8Array): Format {
  const format = sniffFormat(head);
  if (format === null) {
    throw new AppError(
      'unsupported_type',
      `This file type is not supported. Use ${FORMAT_LABELS.join(', ')}.`,
    );
  }
  if (isVideo(format) && !ffmpeg) throw videoUnsupported();
  return format;
}

/** Returns the download name: a HEIC is stored as a JPEG. */
const nameOf = ({ originalName }: SpooledFile, { values }: Prepared) =>
  values.mime === 'image/jpeg' ? originalName.replace(/\.hei[cf]$/i, '.jpg') : originalName;

/**
 * Returns the item that has this content in the trash of others, if any. Errors: `already_here` if
 * `by` sees an item that has it.
 */
async function findHidden(db: Database, hashes: readonly string[], by: SessionUser): Promise<string | null> {
  const known = await findByContent(db, hashes, by);
  if (known && isVisible(known, by)) throw alreadyHere(known);
  return known?.id ?? null;
}

/** Tells whether a row names this object; `false` if the database cannot be asked. */
async function isKept(db: Database, objectKey: string): Promise<boolean> {
  try {
    return (await findNames(db, objectKey)) !== null;
  } catch {
    // Report the original failure, not this one.
    return false;
  }
}

/**
 * Explains a lost race: an older release or an import committed the same content after our check.
 */
async function raceLost(trx: Trx, sha256: string, by: SessionUser): Promise<AppError> {
  const known = await findByContent(trx, [sha256], by);
  if (known && isVisible(known, by)) return alreadyHere(known);
  return new AppError('unavailable', 'The same file was added and removed meanwhile. Try again.');
}
