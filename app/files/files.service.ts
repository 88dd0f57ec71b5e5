import type { Readable } from 'node:stream';
import type { Database } from '../db/client.ts';
import { AppError } from '../http/errors.ts';
import { findOriginalName } from '../media/media.repository.ts';
import { OBJECT_KEY, type ByteRange, type ObjectInfo, type Storage } from '../storage/storage.ts';

export interface FilesService {
  /** Errors: not_found, also for a key that cannot be one. */
  info(key: string): Promise<ObjectInfo>;
  read(key: string, range?: ByteRange): Promise<Readable>;
  /** The name to save an original under. */
  downloadName(key: string): Promise<string>;
}

export function createFiles(db: Database, storage: Storage): FilesService {
  return {
    async info(key) {
      return (OBJECT_KEY.test(key) ? await storage.info(key) : null) ?? missing();
    },
    async read(key, range) {
      return (await storage.read(key, range)) ?? missing();
    },
    async downloadName(key) {
      return (await findOriginalName(db, key)) || key;
    },
  };
}

function missing(): never {
  throw new AppError('not_found', 'There is no such file here.');
}
