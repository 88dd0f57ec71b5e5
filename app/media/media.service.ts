import { join } from 'node:path';
import type { SessionUser } from '../http/env.ts';
import type { Trx } from '../db/client.ts';
import { inTransaction } from '../db/transaction.ts';
import { requireOwner } from '../http/access.ts';
import { AppError } from '../http/errors.ts';
import { findObject } from '../storage/find-object.ts';
import { streamToFile } from '../util/stream-to-file.ts';
import { inTempFolder } from '../util/temp-folder.ts';
import type { Semaphore } from '../util/semaphore.ts';
import { giveNewAddress, syncAtOnce, syncLater, type AddressDeps } from './address.service.ts';
import { findByContent } from './content.repository.ts';
import { lockForUndo, undoMerges } from './duplicates/merge.service.ts';
import { findMergedInto } from './duplicates/merges.repository.ts';
import type { Ffmpeg } from './ffmpeg/ffmpeg.ts';
import { firstShownFrame } from './formats/browser-view.ts';
import { clipboardPng } from './formats/image.ts';
import { MAX_DECODE_BYTES } from './media.limits.ts';
import { findMedia, setDeleted, updateMedia, type MediaRow } from './media.repository.ts';
import type { MediaItem, MediaPatch } from './media.schema.ts';
import { toItem } from './media.view.ts';
import { reprocess, reprocessItem } from './reprocess.service.ts';
import { lockMedia } from './stages/stages.repository.ts';
import { isVisible, requireVisible } from './visibility.ts';

export interface MediaService {
  /**
   * Returns an item. For one that was merged into another, and that this user does not see, it is
   * the other one. Errors (here and below): `not_found`, also for an item in another user's trash
   * (visibility.ts).
   */
  get(id: string, by: SessionUser): Promise<MediaItem>;
  /**
   * Returns the id of the item that was uploaded or is stored with exactly this content. `null` if
   * this user does not see it.
   */
  known(sha256: string, by: SessionUser): Promise<string | null>;
  /**
   * Changes the given fields. A given text is a user's, and later recognition keeps it unless told
   * otherwise.
   */
  update(id: string, patch: MediaPatch, by: SessionUser): Promise<MediaItem>;
  /** Checks that this user may replace the item's file. Errors: `not_allowed`. */
  requireMine(id: string, by: SessionUser): Promise<unknown>;
  /** Moves an item into the trash; for its owner or an admin. Errors: `not_allowed`. */
  remove(id: string, by: SessionUser): Promise<void>;
  /**
   * Restores an item from the trash, and undoes its merge; for its owner or an admin. Errors:
   * `not_allowed`.
   */
  restore(id: string, by: SessionUser): Promise<MediaItem>;
  /**
   * Gives an item a new address; for its owner or an admin. The old one is dead when it returns.
   * An item in the trash has none and stays as it is. Errors: `not_allowed`.
   */
  renewAddress(id: string, by: SessionUser): Promise<MediaItem>;
  /** Makes renditions and text again; after a failure only the failed stages. */
  reprocess(id: string, options: { overwriteText: boolean }, by: SessionUser): Promise<MediaItem>;
  /**
   * Returns a PNG of at most 1024 px a side for the clipboard. It is the picture, an animation's
   * first frame, or a video's poster. Errors: `not_ready` (a video without poster yet).
   *
   * @param gone the client disconnected: stops waiting for the decoder
   */
  clipboard(id: string, by: SessionUser, gone?: AbortSignal): Promise<Buffer>;
}

export interface MediaServiceDeps extends AddressDeps {
  decoding: Semaphore;
  ffmpeg: Ffmpeg | null;
  /** Folder for temporary files. */
  directory: string;
  readsText: boolean;
}

export function createMedia(deps: MediaServiceDeps): MediaService {
  const { db, storage, jobs, decoding, readsText } = deps;
  const require = async (id: string, by: SessionUser): Promise<MediaRow> =>
    requireVisible(await findMedia(db, id), by);

  async function requireMine(id: string, by: SessionUser): Promise<MediaRow> {
    const row = await require(id, by);
    requireOwner(row.owner_id, by);
    return row;
  }

  const get = async (id: string, by: SessionUser) => {
    const row = await findMedia(db, id);
    const merged = row !== null && isVisible(row, by) ? null : await findMergedInto(db, id);
    const shown = merged === null ? row : await findMedia(db, merged);
    return toItem(requireVisible(shown, by), storage, by.id);
  };

  /** Changes an item under its lock, if this user still sees it then. */
  function change(id: string, by: SessionUser, work: (trx: Trx) => Promise<unknown>) {
    return inTransaction(db, async (trx) => {
      requireVisible(await lockMedia(trx, id), by);
      await work(trx);
    });
  }

  async function move(id: string, by: SessionUser, deleted: boolean): Promise<void> {
    await inTransaction(db, async (trx) => {
      if (!deleted) await lockForUndo(trx, [id]);
      const { owner_id } = requireVisible(await lockMedia(trx, id), by);
      requireOwner(owner_id, by);
      await setDeleted(trx, id, deleted);
      if (!deleted) await undoMerges(trx, [id]);
      await syncLater(deps, trx, [id]);
    });
    await syncAtOnce(deps, [id]);
  }

  return {
    get,
    requireMine,

    async known(sha256, by) {
      const item = await findByContent(db, [sha256], by);
      return item && isVisible(item, by) ? item.id : null;
    },

    async update(id, patch, by) {
      const values = { ...patch, ...(patch.text !== undefined && { text_edited: true }) };
      await change(id, by, (trx) => updateMedia(trx, id, values));
      return get(id, by);
    },

    remove: (id, by) => move(id, by, true),

    async restore(id, by) {
      await move(id, by, false);
      return get(id, by);
    },

    async renewAddress(id, by) {
      await requireMine(id, by);
      await giveNewAddress(deps, id);
      return get(id, by);
    },

    async reprocess(id, options, by) {
      const row = await require(id, by);
      const work = { db, jobs, readsText };
      if (row.state === 'failed' && !options.overwriteText) await reprocess(work, { failed: id });
      else await reprocessItem(work, id, options);
      return get(id, by);
    },

    async clipboard(id, by, gone) {
      const first = await require(id, by);
      const keyOf = (row: MediaRow) => (row.kind === 'video' ? row.poster_key : row.object_key);
      if (keyOf(first) === null)
        throw new AppError(
          'not_ready',
          'The poster of this video is still being processed. Try again in a moment.',
        );
      const still = async () => {
        // Opened late: requests that wait for the decoder hold no file and no connection.
        const found = await findObject(first, {
          again: () => require(id, by),
          keyOf,
          async open(key, row) {
            const object = await storage.read(key);
            return object && { object, row };
          },
        });
        if (!found) throw new AppError('not_found', 'The file of this item is missing.');
        const { object, row } = found;
        try {
          return await inTempFolder(deps.directory, 'clipboard-', async (folder) => {
            const path = join(folder, 'source');
            await streamToFile(object, path, gone);
            if (row.kind === 'video') return await clipboardPng(path);
            const picture = { path, mime: row.mime, animated: row.kind === 'animation' };
            return await clipboardPng(
              await firstShownFrame(picture, { ffmpeg: deps.ffmpeg, folder, signal: gone }),
            );
          });
        } finally {
          object.destroy();
        }
      };
      // The kind is not known here, so one picture is decoded at a time.
      return decoding.run(MAX_DECODE_BYTES, still, gone);
    },
  };
}
