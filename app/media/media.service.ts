import type { SessionUser } from '../auth/sessions.service.ts';
import type { Database } from '../db/client.ts';
import { requireOwner } from '../http/access.ts';
import type { JobQueue } from '../jobs/queue.ts';
import { AppError } from '../http/errors.ts';
import type { Storage } from '../storage/storage.ts';
import type { Semaphore } from '../util/semaphore.ts';
import { clipboardPng } from './formats/image.ts';
import { findBySha256, findMedia, setDeleted, updateMedia, type MediaRow } from './media.repository.ts';
import type { MediaItem, MediaPatch } from './media.schema.ts';
import { toItem } from './media.view.ts';
import { reprocess, reprocessItem } from './reprocess.service.ts';

/** What the largest picture takes to decode: its kind is not known here, so one at a time. */
const CLIPBOARD_BYTES = 300_000_000;

export interface MediaService {
  /** Errors (here and below): not_found. */
  get(id: string): Promise<MediaItem>;
  /** The item with exactly this content, in the trash or not. */
  known(sha256: string): Promise<string | null>;
  /** Changes what is named; a text given here is a person's, which no later reading overwrites unless asked. */
  update(id: string, patch: MediaPatch): Promise<MediaItem>;
  /** Whether this person may replace its file. Errors: not_allowed. */
  requireMine(id: string, by: SessionUser): Promise<unknown>;
  /** Into the trash; by its owner or an admin. Errors: not_allowed. */
  remove(id: string, by: SessionUser): Promise<void>;
  /** Out of the trash; by its owner or an admin. Errors: not_allowed. */
  restore(id: string, by: SessionUser): Promise<MediaItem>;
  /** Makes renditions and text again; of an item with a failed stage only what failed. */
  reprocess(id: string, options: { overwriteText: boolean }): Promise<MediaItem>;
  /**
   * A PNG of at most 1024 px a side for the clipboard: the picture, an animation's first frame, a video's poster.
   * Errors: not_ready (a video without poster yet).
   * @param gone whoever asked went away: its turn to be decoded is given up
   */
  clipboard(id: string, gone?: AbortSignal): Promise<Buffer>;
}

export interface MediaServiceDeps {
  db: Database;
  storage: Storage;
  jobs: JobQueue;
  decoding: Semaphore;
  readsText: boolean;
}

export function createMedia(deps: MediaServiceDeps): MediaService {
  const { db, storage, jobs, decoding, readsText } = deps;
  async function require(id: string): Promise<MediaRow> {
    const row = await findMedia(db, id);
    if (!row) throw new AppError('not_found', 'There is no such item here.');
    return row;
  }

  async function requireMine(id: string, by: SessionUser): Promise<MediaRow> {
    const row = await require(id);
    requireOwner(row.owner_id, by);
    return row;
  }

  const get = async (id: string) => toItem(await require(id), storage);

  return {
    get,
    requireMine,
    known: async (sha256) => (await findBySha256(db, sha256))?.id ?? null,

    async update(id, patch) {
      await require(id);
      await updateMedia(db, id, { ...patch, ...(patch.text !== undefined && { text_edited: true }) });
      return get(id);
    },

    async remove(id, by) {
      await requireMine(id, by);
      await setDeleted(db, id, true);
    },

    async restore(id, by) {
      await requireMine(id, by);
      await setDeleted(db, id, false);
      return get(id);
    },

    async reprocess(id, options) {
      const row = await require(id);
      const work = { db, jobs, readsText };
      if (row.state === 'failed' && !options.overwriteText) await reprocess(work, { failed: id });
      else await reprocessItem(work, id, options);
      return get(id);
    },

    async clipboard(id, gone) {
      const row = await require(id);
      const key = row.kind === 'video' ? row.poster_key : row.object_key;
      if (key === null)
        throw new AppError('not_ready', 'The still of this video is not made yet. Try again in a moment.');
      const still = async () => {
        // Opened only now: those who wait for their turn hold no file and no connection.
        const object = await storage.read(key);
        if (!object) throw new AppError('not_found', 'The file of this item is missing.');
        try {
          return await clipboardPng(object);
        } finally {
          object.destroy();
        }
      };
      return decoding.run(CLIPBOARD_BYTES, still, gone);
    },
  };
}
