import type { Database } from '../db/client.ts';
import type { Storage } from '../storage/storage.ts';
import { hasItems, readLibrary } from './library.repository.ts';

export interface Library {
  db: Database;
  storage: Storage;
}

/**
 * Returns the reason why objects without a row must stay, as a sentence; `null` if they may go.
 *
 * - After a restore, newer objects have no row yet.
 * - The rows of another library's storage are in another database.
 *
 * Claims a storage that belongs to nobody, unless it holds objects and the database holds none.
 */
export async function sweepRefusal({ db, storage }: Library): Promise<string | null> {
  const { library_id, restored_from } = await readLibrary(db);
  if (restored_from)
    return `The rows are of the backup of ${restored_from.toISOString()}: run “storage adopt” for the files since.`;
  const owner = await storage.library();
  if (owner === library_id) return null;
  if (owner !== null)
    return `The storage belongs to another library (${owner}): this database is not the one of its files.`;
  if (!(await hasItems(db)) && !(await isEmpty(storage)))
    return 'The storage holds files, and this database has no item: it is not the one of its files.';
  await storage.claim(library_id);
  return null;
}

async function isEmpty(storage: Storage): Promise<boolean> {
  for await (const _object of storage.list()) return false;
  return true;
}
