import type { Readable } from 'node:stream';
import type { Database } from '../db/client.ts';
import { downloadName } from '../files/download-name.ts';
import { AppError } from '../http/errors.ts';
import type { SessionUser } from '../http/env.ts';
import type { ByteRange, ObjectInfo, Storage } from '../storage/storage.ts';
import { findMedia, type MediaRow } from './media.repository.ts';
import type { FileRole } from './media.schema.ts';
import { requireVisible } from './visibility.ts';

export interface TrashedFile {
  info: Pick<ObjectInfo, 'size' | 'contentType'>;
  downloadName: string;
  open: (range?: ByteRange) => Promise<Readable>;
}

export interface TrashedFiles {
  /**
   * Finds a file of an item, also of one that was restored meanwhile. Errors: `not_found`, also for
   * an item in another user's trash, and for a rendition that the item does not have.
   */
  find(id: string, role: FileRole, by: SessionUser): Promise<TrashedFile>;
}

const COLUMNS = {
  original: 'object_key',
  thumb: 'thumb_key',
  poster: 'poster_key',
  preview: 'preview_key',
  playback: 'playback_key',
} as const satisfies Record<FileRole, keyof MediaRow>;

export function createTrashedFiles(db: Database, storage: Storage): TrashedFiles {
  return {
    async find(id, role, by) {
      for (let lost: string | null = null; ;) {
        const row = requireVisible(await findMedia(db, id), by);
        const key = row[COLUMNS[role]];
        if (key === null || key === lost) return missing();
        const info = await storage.info(key);
        if (info) {
          return {
            info,
            downloadName: downloadName(key, row),
            open: async (range) => (await storage.read(key, range)) ?? missing(),
          };
        }
        // The item may have moved to other keys between the reads of row and object.
        lost = key;
      }
    },
  };
}

function missing(): never {
  throw new AppError('not_found', 'There is no such file here.');
}
