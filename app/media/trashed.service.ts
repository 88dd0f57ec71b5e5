import type { Readable } from 'node:stream';
import type { Database } from '../db/client.ts';
import { downloadName } from '../files/download-name.ts';
import { AppError } from '../http/errors.ts';
import type { SessionUser } from '../http/env.ts';
import { findObject } from '../storage/find-object.ts';
import type { ByteRange, ObjectInfo, Storage } from '../storage/storage.ts';
import { findMedia, type MediaRow } from './media.repository.ts';
import type { FileRole } from './media.schema.ts';
import { requireVisible } from './visibility.ts';

export interface TrashedFile {
  info: Pick<ObjectInfo, 'size' | 'contentType'>;
  downloadName: string;
  /** Opens the file; `null` if it has moved meanwhile. */
  open: (range?: ByteRange) => Promise<Readable | null>;
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
  large: 'large_key',
  poster: 'poster_key',
  preview: 'preview_key',
  playback: 'playback_key',
} as const satisfies Record<FileRole, keyof MediaRow>;

export function createTrashedFiles(db: Database, storage: Storage): TrashedFiles {
  return {
    async find(id, role, by) {
      const again = async () => requireVisible(await findMedia(db, id), by);
      const found = await findObject<MediaRow, TrashedFile>(await again(), {
        again,
        keyOf: (row) => row[COLUMNS[role]],
        async open(key, row) {
          const info = await storage.info(key);
          return (
            info && { info, downloadName: downloadName(key, row), open: (range) => storage.read(key, range) }
          );
        },
      });
      if (found === null) throw new AppError('not_found', 'There is no such file here.');
      return found;
    },
  };
}
