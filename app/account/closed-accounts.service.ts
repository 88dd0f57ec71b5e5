import type { Trx } from '../db/client.ts';
import { inTransaction } from '../db/transaction.ts';
import { deleteFavourites } from '../favourites/favourites.repository.ts';
import { syncAtOnce, syncLater, type AddressDeps } from '../media/address.service.ts';
import { lockCollection } from '../collections/collections.repository.ts';
import { endExpiredAddresses } from '../shares/end-addresses.service.ts';
import { endCards } from '../shares/end-cards.service.ts';
import { lockItems } from '../tags/tags.repository.ts';
import {
  deleteAccount,
  deleteSharesOf,
  findCollectionOfAdder,
  findHeir,
  giveCollections,
  hasRest,
  listClosing,
  listFavourites,
  lockClosing,
  lockItemsOfOwner,
  setAdder,
  setOwner,
} from './account.repository.ts';

/** Items, favourites, collections or shares of one transaction. */
const BATCH_ROWS = 200;

/**
 * Gives away what the accounts that are being closed leave, and then deletes them. Works in small
 * transactions, so that nobody waits and memory stays small. It can be interrupted anywhere, and
 * goes on where it was. Returns the number of accounts.
 *
 * The heir is the enabled admin of longest standing at the time of each transaction.
 */
export async function closeAccounts(deps: AddressDeps, signal?: AbortSignal): Promise<number> {
  const accounts = await listClosing(deps.db);
  for (const { id, closing } of accounts) await closeAccount(deps, id, closing === 'trash', signal);
  return accounts.length;
}

async function closeAccount(
  deps: AddressDeps,
  id: string,
  trash: boolean,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { db } = deps;
  /** Runs a part until nothing of it is left. */
  async function drain(part: () => Promise<number>): Promise<void> {
    for (let count = 1; count > 0; count = await part()) signal?.throwIfAborted();
  }
  const inParts = (part: (trx: Trx) => Promise<number>) => drain(() => inTransaction(db, part));

  // A share ends the file addresses of items only while its owner has them.
  await endExpiredAddresses(deps);
  await endCards(deps);
  do {
    await inParts((trx) => dropFavourites(trx, id));
    await drain(() => giveItems(deps, id, trash));
    await inParts(async (trx) => giveCollections(trx, id, await heirOf(trx), BATCH_ROWS));
    await inParts((trx) => giveCollected(trx, id));
    await inParts((trx) => deleteSharesOf(trx, id, BATCH_ROWS));
    // A request of before may have added something meanwhile.
  } while (!(await inTransaction(db, (trx) => finish(trx, id))));
}

/** Deletes the account if nothing is left. Returns `false` otherwise. */
async function finish(trx: Trx, id: string): Promise<boolean> {
  // Another process may have been faster.
  if (!(await lockClosing(trx, id))) return true;
  if (await hasRest(trx, id)) return false;
  await deleteAccount(trx, id);
  return true;
}

async function heirOf(trx: Trx): Promise<string> {
  const heir = await findHeir(trx);
  if (heir === null) throw new Error('There is no enabled admin who takes what a closed account leaves.');
  return heir;
}

async function giveItems(deps: AddressDeps, from: string, trash: boolean): Promise<number> {
  const { count, trashed } = await inTransaction(deps.db, async (trx) => {
    const rows = await lockItemsOfOwner(trx, from, BATCH_ROWS);
    if (rows.length === 0) return { count: 0, trashed: [] };
    const ids = rows.map(({ id }) => id);
    await setOwner(trx, ids, await heirOf(trx), trash);
    const trashed = trash ? rows.filter((row) => row.deleted_at === null).map((row) => row.id) : [];
    await syncLater(deps, trx, trashed);
    return { count: rows.length, trashed };
  });
  await syncAtOnce(deps, trashed);
  return count;
}

async function giveCollected(trx: Trx, from: string): Promise<number> {
  const collectionId = await findCollectionOfAdder(trx, from);
  if (collectionId === null) return 0;
  if (await lockCollection(trx, collectionId)) await setAdder(trx, collectionId, from, await heirOf(trx));
  return 1;
}

async function dropFavourites(trx: Trx, userId: string): Promise<number> {
  const ids = await listFavourites(trx, userId, BATCH_ROWS);
  // The search row of an item changes only under the item's lock (docs/database-changes.md).
  if (ids.length > 0) await lockItems(trx, ids, null);
  await deleteFavourites(trx, ids, userId);
  return ids.length;
}
