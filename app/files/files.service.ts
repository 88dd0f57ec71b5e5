import type { Readable } from 'node:stream';
import type { Database } from '../db/client.ts';
import { AppError } from '../http/errors.ts';
import { findNames } from '../media/media.repository.ts';
import { downloadName as nameFor } from './download-name.ts';
import { OBJECT_KEY, type ByteRange, type ObjectInfo, type Storage } from '../storage/storage.ts';

export interface FilesService {
  /**
   * Returns the data of an object. Errors: `not_found`, also for a malformed key and for a file of
   * an item in the trash.
   */
  info(key: string): Promise<ObjectInfo>;
  read(key: string, range?: ByteRange): Promise<Readable>;
  /**
   * Returns the redirect address with S3; `null` when the app serves the bytes. Errors: `not_found`
   * for a malformed key.
   *
   * @param download requests an address that saves the file under its name; it works for minutes
   */
  redirectUrl(key: string, download: boolean): Promise<string | null>;
  /** Returns the download name of an original: its title, or its original name. */
  downloadName(key: string): Promise<string>;
}

export function createFiles(db: Database, storage: Storage): FilesService {
  const downloadName = async (key: string) => nameFor(key, await findNames(db, key));
  return {
    downloadName,
    async redirectUrl(key, download) {
      if (!OBJECT_KEY.test(key)) return missing();
      return storage.redirectUrl(key, download ? await downloadName(key) : undefined);
    },
    async info(key) {
      return (OBJECT_KEY.test(key) ? await storage.publicInfo(key) : null) ?? missing();
    },
    async read(key, range) {
      return (await storage.read(key, range)) ?? missing();
    },
  };
}

function missing(): never {
  throw new AppError('not_found', 'There is no such file.');
}
