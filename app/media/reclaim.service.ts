import type { Trx } from '../db/client.ts';
import { ConflictError } from '../db/transaction.ts';
import { AppError } from '../http/errors.ts';
import type { JobQueue } from '../jobs/queue.ts';
import { lockTagNames, tagsOfItems } from '../tags/tags.repository.ts';
import { listByContent } from './content.repository.ts';
import { discardGalleryCards, discardLater } from './discard.service.ts';
import { keysOf } from './media.repository.ts';
import { deleteItems, lockForDeletion } from './purge.repository.ts';
import { isVisible, type Seen, type Viewer } from './visibility.ts';

/**
 * Items in the trash of others that have the content of a file. The sender of the file gets
 * such an item. Nobody gets it for a hash: only a file that has arrived calls these functions.
 */
export interface Reclaimed {
  /** Ids of the items: mostly one, more if an older release stored twins. */
  ids: readonly string[];
  /** Names of all their tags. */
  tags: readonly string[];
}

/**
 * Locks the names of tags, and then the items that the content brings back. The caller has locked
 * the content. Errors: `already_here` if `by` sees an item of the content.
 *
 * @param tags names that the caller adds
 * @param also items that the caller changes
 */
export async function lockReclaimed(
  trx: Trx,
  by: Viewer,
  hashes: readonly string[],
  { tags = [], also = [] }: { tags?: readonly string[]; also?: readonly string[] },
): Promise<Reclaimed> {
  const before = new Set((await listByContent(trx, hashes)).map(({ id }) => id));
  const locked = await tagsOfItems(trx, [...before]);
  await lockTagNames(trx, { shared: [...new Set([...tags, ...locked])] });
  if (before.size === 0) return { ids: [], tags: [] };
  await lockForDeletion(trx, [...also, ...before]);
  // Restored, deleted or tagged while this transaction waited for the locks.
  const found = (await listByContent(trx, hashes)).filter(({ id }) => before.has(id));
  const seen = found.find((item) => isVisible(item, by));
  if (seen) throw alreadyHere(seen);
  const ids = found.map(({ id }) => id);
  const now = [...(await tagsOfItems(trx, ids))];
  if (now.some((name) => !locked.has(name))) throw new ConflictError('An item got a tag meanwhile.');
  return { ids, tags: now };
}

/**
 * Deletes locked items whose content another item has from now on. Returns the keys of their
 * objects, whose deletion is enqueued.
 */
export async function deleteReclaimed(jobs: JobQueue, trx: Trx, ids: readonly string[]): Promise<string[]> {
  await discardGalleryCards(jobs, trx, ids);
  const rows = await deleteItems(trx, ids);
  const keys = rows.flatMap(keysOf);
  await discardLater(jobs, trx, keys);
  return keys;
}

/** Names the item that has the content, for a user who sees it. */
export const alreadyHere = ({ id }: { id: string } & Seen) =>
  new AppError('already_here', 'This file is already in the library.', { details: { id } });
