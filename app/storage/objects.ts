import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { runParallel } from '../util/run-parallel.ts';
import type { ObjectOwner, Storage } from './storage.ts';

const MAX_PARALLEL_DELETIONS = 4;

/** A file to store as an object. */
export interface ObjectFile {
  key: string;
  path: string;
  contentType: string;
  downloadName?: string;
  owner?: ObjectOwner;
}

/** Returns the role of the object whose key is in this column: the column without `_key`. */
export const roleOf = (column: string): string => column.replace(/_key$/, '');

/** Names the owner of each object. The column of `values` that holds its key decides its role. */
export function ownedBy(item: string, objects: readonly ObjectFile[], values: object): ObjectFile[] {
  const columns = new Map<unknown, string>(Object.entries(values).map(([column, value]) => [value, column]));
  return objects.map((object) => {
    const column = columns.get(object.key);
    return column === undefined ? object : { ...object, owner: { item, role: roleOf(column) } };
  });
}

/** Returns the object of a new WebP file, under a new key. */
export const webpObject = (path: string): ObjectFile => ({
  key: `${randomUUID()}.webp`,
  path,
  contentType: 'image/webp',
});

/** Stores all files or none: a failure deletes the objects stored before it. */
export async function storeObjects(
  storage: Storage,
  objects: readonly ObjectFile[],
  logger: Logger,
): Promise<void> {
  const results = await Promise.allSettled(
    objects.map(({ key, path, ...object }) => storage.put(key, path, object)),
  );
  const failed = results.find((result) => result.status === 'rejected');
  if (!failed) return;
  await discardObjects(storage, objects, logger);
  throw failed.reason;
}

/**
 * Deletes objects, and ignores failures. The sweep removes an orphan later; the caller reports the
 * original error.
 */
export async function discardObjects(
  storage: Storage,
  objects: readonly (string | ObjectFile)[],
  logger: Logger,
): Promise<void> {
  await runParallel(objects, MAX_PARALLEL_DELETIONS, async (object) => {
    const key = typeof object === 'string' ? object : object.key;
    await storage.delete(key).catch((err: unknown) => logger.error({ err, key }, 'object not deleted'));
  });
}
