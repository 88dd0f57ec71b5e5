import type { Readable } from 'node:stream';
import type { Database } from '../db/client.ts';
import { findLiveKeys, findMergedInto, findMergedKey } from '../media/duplicates/merges.repository.ts';
import { findNames, findPlaybackKey } from '../media/media.repository.ts';
import { FORMATS } from '../media/formats/formats.limits.ts';
import { downloadName as nameFor } from './download-name.ts';
import { OBJECT_KEY, type ByteRange, type ObjectInfo, type Storage } from '../storage/storage.ts';

export interface FilesService {
  /**
   * Returns the data of an object; `null` also for a malformed key and for an item in the trash.
   */
  info(key: string): Promise<ObjectInfo | null>;
  /** Opens an object; `null` if it is gone. */
  read(key: string, range?: ByteRange): Promise<Readable | null>;
  /**
   * Returns the redirect address; `null` when the app serves the bytes. That is always an address
   * in the bucket with S3.
   *
   * @param options.download requests an address that saves the file under its name; it works for
   *   minutes
   * @param options.opened the address is opened on its own: a video that browsers would save leads
   *   to its playback version
   */
  redirectUrl(key: string, options: { download: boolean; opened: boolean }): Promise<string | null>;
  /**
   * Returns the present address of a file whose item was merged into another one; `null` if there
   * is none.
   */
  mergedUrl(key: string): Promise<string | null>;
  /** Returns the download name of an original: its title, or its original name. */
  downloadName(key: string): Promise<string>;
}

export function createFiles(db: Database, storage: Storage): FilesService {
  const downloadName = async (key: string) => nameFor(key, await findNames(db, key));
  return {
    downloadName,
    async redirectUrl(key, { download, opened }) {
      if (!OBJECT_KEY.test(key)) return null;
      if (opened && isSavedByBrowsers(key)) {
        const playback = await findPlaybackKey(db, key);
        if (playback !== null) return storage.publicUrl(playback);
      }
      return storage.redirectUrl(key, download ? await downloadName(key) : undefined);
    },
    async mergedUrl(key) {
      const former = OBJECT_KEY.test(key) ? await findMergedKey(db, key) : null;
      const id = former && (await findMergedInto(db, former.media_id));
      const keys = id === null ? null : await findLiveKeys(db, id);
      if (!keys || !former) return null;
      const same = new Map<string, string | null>(Object.entries(keys)).get(`${former.role}_key`);
      return storage.publicUrl(same ?? keys.object_key);
    },
    info: async (key) => (OBJECT_KEY.test(key) ? storage.publicInfo(key) : null),
    read: (key, range) => storage.read(key, range),
  };
}

/** A MOV of an iPhone: only Safari plays this type, the others save it. */
const isSavedByBrowsers = (key: string) => key.endsWith(`.${FORMATS.mov.extension}`);
