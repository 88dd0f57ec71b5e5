import { PassThrough } from 'node:stream';
import type { Logger } from 'pino';
import { exportFolder } from '../archive/export.service.ts';
import type { Database } from '../db/client.ts';
import type { Storage } from '../storage/storage.ts';
import { webStream } from '../util/web-stream.ts';

export interface OwnArchiveDeps {
  db: Database;
  storage: Storage;
  logger: Logger;
  revision: string;
}

/** Makes the archive of everything that a user has (app/archive/archive.schema.ts). */
export type OwnArchive = (ownerId: string) => ReadableStream<Uint8Array>;

/**
 * Creates the maker. An archive is made as it is read: memory holds a page of rows and a chunk of a
 * file. A reader that leaves ends it. One that ends early has no end member, so that reading it
 * reports that.
 */
export function createOwnArchive({ db, storage, logger, revision }: OwnArchiveDeps): OwnArchive {
  /** Writes the archive. A failure breaks the stream, for its reader. */
  async function write(ownerId: string, out: PassThrough): Promise<void> {
    try {
      const options = { db, storage, out, revision, withPasswords: false, ownerId };
      const { missing } = await exportFolder(options);
      if (missing.length > 0) logger.warn({ missing }, 'an archive lacks originals');
    } catch (error) {
      // The reader has left.
      if (out.destroyed && !out.errored) return;
      logger.error({ err: error }, 'an archive could not be made');
      out.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  }
  return (ownerId) => {
    const out = new PassThrough();
    void write(ownerId, out);
    return webStream(out);
  };
}
