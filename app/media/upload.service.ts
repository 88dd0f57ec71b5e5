import { mkdtemp, rm } from 'node:fs/promises';
import type { Logger } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import type { SessionUser } from '../http/env.ts';
import type { Database, Trx } from '../db/client.ts';
import { inTransaction } from '../db/transaction.ts';
import { requireOwner } from '../http/access.ts';
import { AppError } from '../http/errors.ts';
import type { UploadForm } from '../http/multipart.ts';
import type { JobQueue } from '../jobs/queue.ts';
import type { Storage } from '../storage/storage.ts';
import { changeTags, lockTagNames } from '../tags/tags.repository.ts';
import { FORMAT_LABELS, isVideo, type Format } from './formats/formats.limits.ts';
import { sniffFormat } from './formats/sniff.ts';
import { findByContent, lockContent, setContent } from './content.repository.ts';
import { findNames, insertMedia, keysOf, tagNamesOf, type MediaRow } from './media.repository.ts';
import { hashContentJob } from './media.jobs.ts';
import type { MediaItem, StageName } from './media.schema.ts';
import { toItem } from './media.view.ts';
import { discardObjects, ownedBy, storeObjects } from '../storage/objects.ts';
import { discardGalleryCards, discardLater } from './discard.service.ts';
import { prepareFile, videoUnsupported, type PrepareDeps, type Prepared } from './ingest.ts';
import { dropStages, lockMedia, updateMediaState, type StageEntry } from './stages/stages.repository.ts';
import { startStages } from './stages/stages.service.ts';
import { spool, type SpooledFile } from './spool.ts';
import { isVisible, requireVisible, type Seen } from './visibility.ts';

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
}

export interface Uploads {
  /**
   * Spools the file of a form. Its first bytes decide whether the rest is received. Errors: as
   * `spool`, `unsupported_type`, `video_unsupported`.
   */
  receive(form: UploadForm): Promise<SpooledFile>;
  /**
   * Creates an item from a spooled file: strip, probe, thumbnail, storage, then row and jobs in one
   * transaction. Returns the item. Leaves nothing behind on an error. Errors: `already_here`
   * (with the id), `in_others_trash`, and those of `prepareFile`.
   */
  add(upload: Upload): Promise<MediaItem>;
  /**
   * Replaces an item's file and runs all stages again. Keeps title, description, tags and an edited
   * text. For the owner or an admin. Errors: as `add`, `not_found`, `not_allowed`.
   */
  replace(id: string, file: SpooledFile, by: SessionUser): Promise<void>;
}

export function createUploads(deps: UploadDeps): Uploads {
  /**
   * Prepares and stores a file, then calls `commit` to write the row. Discards the objects if that
   * is refused.
   */
  async function keep(
    id: string,
    file: SpooledFile,
    by: SessionUser,
    commit: (trx: Trx, prepared: Prepared) => Promise<void>,
  ) {
    await refuseKnown(deps.db, [file.sha256], by);
    const folder = await mkdtemp(`${file.path}-`);
    try {
      const prepared = await prepareFile(deps, file, folder);
      const hashes = [file.sha256, prepared.storedSha256];
      await refuseKnown(deps.db, hashes, by);
      const objects = ownedBy(id, prepared.objects, prepared.values);
      await storeObjects(deps.storage, objects, deps.logger);
      try {
        await inTransaction(deps.db, async (trx) => {
          await lockContent(trx, hashes);
          await refuseKnown(trx, hashes, by);
          await commit(trx, prepared);
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

  return {
    receive: (form) => spool(form, deps.directory, (head) => acceptedFormat(deps, head)),

    async add({ file, by, title, tags }) {
      const id = uuidv7();
      // Every try of the transaction sets this anew.
      let row: MediaRow | undefined;
      await keep(id, file, by, async (trx, prepared) => {
        await lockTagNames(trx, { shared: tags });
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
        await changeTags(trx, [id], { add: tags });
        await startStages(trx, deps.jobs, id, stages);
        row = {
          ...inserted,
          owner_name: by.username,
          favoured_by: [],
          tags: tags.length > 0 ? await tagNamesOf(trx, id) : [],
          stages: stages
            .filter(({ state }) => state === 'pending')
            .map(({ stage, state }) => ({ stage, state, failure: null }))
            .toSorted((a, b) => (a.stage < b.stage ? -1 : 1)),
        };
      });
      if (row === undefined) throw new Error('The transaction ended without its row.');
      return toItem(row, deps.storage, by.id);
    },

    async replace(id, file, by) {
      // Every try sets this anew.
      let replaced: string[] = [];
      await keep(id, file, by, async (trx, prepared) => {
        const before = requireVisible(await lockMedia(trx, id), by);
        requireOwner(before.owner_id, by);
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
          ...(before.text_edited ? {} : { text: '' }),
        });
        await recordContent(trx, deps.jobs, id, file, prepared);
        replaced = keysOf(before);
        await discardLater(deps.jobs, trx, replaced);
        await discardGalleryCards(deps.jobs, trx, [id]);
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

async function refuseKnown(db: Database | Trx, hashes: readonly string[], by: SessionUser): Promise<void> {
  const known = await findByContent(db, hashes, by);
  if (known) throw alreadyHere(known, by);
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
  if (known) return alreadyHere(known, by);
  return new AppError('unavailable', 'The same file was added and removed meanwhile. Try again.');
}

/** Names the item that has the content, for users who see it. */
const alreadyHere = (item: { id: string } & Seen, by: SessionUser) =>
  isVisible(item, by)
    ? new AppError('already_here', 'This file is already in the library.', { details: { id: item.id } })
    : new AppError(
        'in_others_trash',
        'This file is in another user’s trash. That user or an admin can restore it.',
      );
