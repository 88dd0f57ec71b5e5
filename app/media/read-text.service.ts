import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Database } from '../db/client.ts';
import type { JobContext } from '../jobs/queue.ts';
import type { TextReader } from '../ocr/reader.ts';
import type { Storage } from '../storage/storage.ts';
import { findMedia, setFailed, setReadText } from './media.repository.ts';

export interface ReadTextDeps {
  db: Database;
  storage: Storage;
  reader: TextReader;
  /** Folder for temporary files. */
  directory: string;
}

/** Reads one item's words and stores them. Safe to run twice; an item that is gone is done. */
export async function readMediaText(deps: ReadTextDeps, mediaId: string, context: JobContext): Promise<void> {
  const { db, storage, reader, directory } = deps;
  const row = await findMedia(db, mediaId);
  if (!row) return;
  const path = join(directory, randomUUID());
  try {
    await mkdir(directory, { recursive: true });
    const bytes = await storage.read(row.object_key);
    if (!bytes) throw new Error(`The object ${row.object_key} is missing from the storage.`);
    await pipeline(bytes, createWriteStream(path, { flags: 'wx' }), { signal: context.signal });
    const { text } = await reader.read([path], context.signal);
    await setReadText(db, mediaId, text);
  } catch (error) {
    // A stopping process says nothing about the item: the job is handed back and tried again elsewhere.
    if (context.lastTry && !context.signal.aborted) {
      await setFailed(db, mediaId, 'The words in the picture could not be read.');
    }
    throw error;
  } finally {
    await rm(path, { force: true });
  }
}
