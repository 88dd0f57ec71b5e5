import type { Database } from '../db/client.ts';
import type { Storage } from '../storage/storage.ts';
import { databaseId, hasItems, readLibrary } from './library.repository.ts';

export interface Library {
  db: Database;
  storage: Storage;
}

export interface StorageOwner {
  /** The mark of the storage; `null` before the first claim. */
  owner: string | null;
  /** The mark that this database writes when it claims a storage. */
  own: string;
  /** Why another database has its files, as a sentence; `null` if none has. */
  foreign: string | null;
}

/**
 * Compares the mark of the storage with this database. A copy of the rows has the same library, so
 * the mark also has the id of the database. Earlier releases wrote that of the library only.
 */
export async function ownerOf({ db, storage }: Library): Promise<StorageOwner> {
  const [{ library_id: library }, database, owner] = await Promise.all([
    readLibrary(db),
    databaseId(db),
    storage.library(),
  ]);
  const own = `${library} ${database}`;
  const state = { owner, own };
  if (owner === null || owner === own || owner === library) return { ...state, foreign: null };
  const what = owner.startsWith(`${library} `) ? 'database: this one is a copy' : 'library';
  return {
    ...state,
    foreign: `The storage belongs to another ${what} (${owner}). Give this one a storage of its own. If the other is no more, run “storage claim --take-over”.`,
  };
}

/**
 * Returns the reason why objects without a row must stay, as a sentence; `null` if they may go.
 *
 * - After a restore, newer objects have no row yet.
 * - The rows of another library's storage are in another database, and so are those of a copy.
 *
 * Claims a storage that belongs to nobody, unless it holds objects and the database holds none.
 */
export async function sweepRefusal({ db, storage }: Library): Promise<string | null> {
  const { restored_from } = await readLibrary(db);
  if (restored_from)
    return `The rows are of the backup of ${restored_from.toISOString()}: run “storage adopt” for the files since.`;
  const { owner, own, foreign } = await ownerOf({ db, storage });
  if (foreign !== null) return foreign;
  if (owner === own) return null;
  if (owner === null && !(await hasItems(db)) && !(await isEmpty(storage)))
    return 'The storage holds files, and this database has no item: it is not the one of its files.';
  await storage.claim(own);
  return null;
}

async function isEmpty(storage: Storage): Promise<boolean> {
  for await (const _object of storage.list()) return false;
  return true;
}
