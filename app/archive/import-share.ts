import { numberCollected } from '../collections/collection-items.repository.ts';
import { collectionKey } from '../collections/collection-name.ts';
import { findCollectionsByKeys, lockCollection } from '../collections/collections.repository.ts';
import type { Database, Trx } from '../db/client.ts';
import { inTransaction } from '../db/transaction.ts';
import { insertArchivedShare } from './archive.repository.ts';
import type { ArchiveShare } from './archive.schema.ts';

/**
 * Adds a share link under its code. Skips it if the code is taken, or if neither an item of it nor
 * its collection is here.
 */
export async function takeShare(
  db: Database,
  share: ArchiveShare,
  ownerId: string,
): Promise<'added' | 'skipped'> {
  const row = {
    code: share.code,
    owner_id: ownerId,
    show_sharer: share.showSharer,
    end_file_address: share.endFileAddress,
    opens: share.opens,
    created_at: share.createdAt,
    expires_at: share.expiresAt,
    revoked_at: share.revokedAt,
    last_opened_at: share.lastOpenedAt,
  };
  const added = await inTransaction(db, async (trx) => {
    const collection_id = share.collection === null ? null : await holdCollection(trx, share.collection);
    return insertArchivedShare(trx, { ...row, collection_id }, share.items);
  });
  return added ? 'added' : 'skipped';
}

/** Locks the collection of this name and numbers its items. Returns its id; `null` for none. */
async function holdCollection(trx: Trx, name: string): Promise<string | null> {
  const key = collectionKey(name);
  if (key === null) return null;
  const found = (await findCollectionsByKeys(trx, [key])).get(key);
  if (!found || (await lockCollection(trx, found.id)) === null) return null;
  await numberCollected(trx, found.id);
  return found.id;
}
