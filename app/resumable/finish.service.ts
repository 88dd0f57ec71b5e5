import { Readable } from 'node:stream';
import { findUserById } from '../auth/auth.repository.ts';
import { user } from '../auth/auth.schema.ts';
import type { SessionUser } from '../http/env.ts';
import { ERROR_STATUS } from '../http/errors.schema.ts';
import { AppError } from '../http/errors.ts';
import type { ReceiveBudget } from '../http/receive-budget.ts';
import type { MediaItem } from '../media/media.schema.ts';
import type { MediaService } from '../media/media.service.ts';
import type { Uploads } from '../media/upload.service.ts';
import { discardPartsLater, discardPartsNow, endResumable, type EndDeps } from './end.service.ts';
import type { PartStore } from './part-store.ts';
import { noUpload, partsGone } from './resumable-errors.ts';
import { findResumable, setItem, type ResumableRow } from './resumable.repository.ts';

export interface FinishDeps extends EndDeps {
  uploads: Pick<Uploads, 'collect' | 'add'>;
  media: Pick<MediaService, 'get'>;
  upload: { budget: ReceiveBudget };
}

/** Makes the items of uploads whose bytes are all there. */
export interface Finisher {
  /**
   * Makes the item of an upload, or returns the one that it became. A refused file ends the upload.
   * Errors: those of `Uploads.add`, `not_found` (a part or the upload is gone).
   */
  finish(row: ResumableRow, by: SessionUser): Promise<MediaItem>;
  /** As `finish`, as a job: does nothing for an upload that needs nothing. */
  finishLater(id: string): Promise<void>;
}

export function createFinisher(deps: FinishDeps): Finisher {
  /** Items being made in this process, by upload. A repeated request waits for the same one. */
  const running = new Map<string, Promise<MediaItem>>();

  function finish(row: ResumableRow, by: SessionUser): Promise<MediaItem> {
    const known = running.get(row.id);
    if (known) return known;
    const work = addOnce(deps, row, by).finally(() => running.delete(row.id));
    running.set(row.id, work);
    return work;
  }

  return {
    finish,

    async finishLater(id) {
      const row = await findResumable(deps.db, id);
      if (!row || row.media_id !== null || row.received < row.byte_size) return;
      const owner = await findUserById(deps.db, row.owner_id);
      if (!owner || owner.disabled_at !== null) return;
      try {
        await finish(row, { ...user.parse(owner), sessionId: row.id });
      } catch (error) {
        if (!(error instanceof AppError) || !isFinal(error)) throw error;
        deps.logger.info({ upload: id, code: error.code }, 'upload refused');
      }
    },
  };
}

async function addOnce(deps: FinishDeps, row: ResumableRow, by: SessionUser): Promise<MediaItem> {
  try {
    return await addItem(deps, row, by);
  } catch (error) {
    // Another process was faster, or a commit has succeeded unnoticed.
    const item = await itemOf(deps, row.id, by);
    if (item) return item;
    if (error instanceof AppError && isFinal(error)) await endResumable(deps, row.id);
    throw error;
  }
}

async function addItem(deps: FinishDeps, row: ResumableRow, by: SessionUser): Promise<MediaItem> {
  // The file is put together on the disk that uploads share.
  using share = deps.upload.budget.open(by.id, row.byte_size);
  await share.take(row.byte_size);
  share.received();
  const bytes = Readable.from(bytesOf(deps.parts, row.part_keys), { objectMode: false });
  const limits = { originalName: row.original_name, maxBytes: row.byte_size };
  await using file = await deps.uploads.collect(bytes, limits);
  if (file.byteSize !== row.byte_size) throw partsGone();
  if (row.sha256 !== null && row.sha256 !== file.sha256)
    throw new AppError('broken_file', 'The bytes are not those of the announced SHA-256.');
  const item = await deps.uploads.add({
    file,
    by,
    title: row.title,
    tags: row.tags,
    // In the transaction of the item, so that it is made once, whenever the process dies.
    alongside: async (trx, mediaId) => {
      if (!(await setItem(trx, row.id, mediaId))) throw noUpload();
      await discardPartsLater(deps, trx, [row.id]);
    },
  });
  await discardPartsNow(deps, [row.id]);
  return item;
}

/** Returns the item of a finished upload; `null` if there is none, or nobody can tell. */
async function itemOf(
  { db, media }: Pick<FinishDeps, 'db' | 'media'>,
  id: string,
  by: SessionUser,
): Promise<MediaItem | null> {
  try {
    const now = await findResumable(db, id);
    return now && now.media_id !== null ? await media.get(now.media_id, by) : null;
  } catch {
    // Report the original failure, not this one.
    return null;
  }
}

/** Yields the bytes of the parts in their order. Errors: `not_found`. */
async function* bytesOf(parts: PartStore, keys: readonly string[]): AsyncGenerator<Buffer, void> {
  for (const key of keys) {
    const part = await parts.read(key);
    if (!part) throw partsGone();
    yield* part;
  }
}

/** Tells whether repeating cannot help. */
const isFinal = ({ code }: AppError): boolean => ERROR_STATUS[code] < 500;
