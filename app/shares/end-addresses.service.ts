import { inTransaction } from '../db/transaction.ts';
import { giveNewAddress, type AddressDeps } from '../media/address.service.ts';
import { endAddressesJob } from './shares.jobs.ts';
import { itemsOfShare, lockEndingShares, ownerMayEnd, updateShare } from './shares.repository.ts';

/** Shares whose items one transaction enqueues. */
const BATCH_SHARES = 20;

/**
 * Gives items new addresses: their old file addresses are gone afterwards. Share pages go on,
 * because they find the files by the item. Safe to run twice.
 */
export async function endAddresses(
  deps: AddressDeps,
  ids: readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  for (const id of ids) {
    signal?.throwIfAborted();
    await giveNewAddress(deps, id);
  }
}

/**
 * Enqueues {@link endAddresses} for shares that ended and were made to end the addresses. Leaves
 * out a share whose owner may no longer change every item. Returns the number of shares.
 */
export async function endExpiredAddresses({ db, jobs }: AddressDeps): Promise<number> {
  for (let count = 0; ;) {
    const found = await inTransaction(db, async (trx) => {
      const shares = await lockEndingShares(trx, BATCH_SHARES);
      for (const { code } of shares) {
        await updateShare(trx, code, { endFileAddress: false });
        const items = (await ownerMayEnd(trx, code)) ? await itemsOfShare(trx, code) : [];
        if (items.length > 0) await jobs.enqueue(trx, endAddressesJob, { ids: items.map(({ id }) => id) });
      }
      return shares.length;
    });
    count += found;
    if (found < BATCH_SHARES) return count;
  }
}
