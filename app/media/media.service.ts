import type { SessionUser } from '../accounts/sessions.service.ts';
import type { Database } from '../db/client.ts';
import { requireOwner } from '../http/access.ts';
import { AppError } from '../http/errors.ts';
import type { Storage } from '../storage/storage.ts';
import { findBySha256, findMedia, setDeleted, updateMedia, type MediaRow } from './media.repository.ts';
import type { MediaItem, MediaPatch } from './media.schema.ts';
import { toItem } from './media.view.ts';

export interface MediaService {
  /** Errors (here and below): not_found. */
  get(id: string): Promise<MediaItem>;
  /** The item with exactly this content, in the trash or not. */
  known(sha256: string): Promise<string | null>;
  update(id: string, patch: MediaPatch): Promise<MediaItem>;
  /** Into the trash; by its owner or an admin. Errors: not_allowed. */
  remove(id: string, by: SessionUser): Promise<void>;
  /** Out of the trash; by its owner or an admin. Errors: not_allowed. */
  restore(id: string, by: SessionUser): Promise<MediaItem>;
}

export function createMedia(db: Database, storage: Storage): MediaService {
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
    known: async (sha256) => (await findBySha256(db, sha256))?.id ?? null,

    async update(id, patch) {
      await require(id);
      await updateMedia(db, id, patch);
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
  };
}
