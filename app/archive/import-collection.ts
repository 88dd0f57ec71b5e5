import { v7 as uuidv7 } from 'uuid';
import {
  countCollected,
  findCollected,
  insertCollected,
} from '../collections/collection-items.repository.ts';
import { collectionName } from '../collections/collection-name.ts';
import { MAX_COLLECTION_ITEMS } from '../collections/collections.limits.ts';
import {
  findCollectionsByKeys,
  insertCollection,
  lockCollection,
} from '../collections/collections.repository.ts';
import type { Database } from '../db/client.ts';
import { inTransaction } from '../db/transaction.ts';
import { lockItems } from '../tags/tags.repository.ts';
import { ArchiveError } from './archive.error.ts';
import type { ArchiveCollection } from './archive.schema.ts';
import { idsByHash } from './collections.repository.ts';

/** Items of one transaction. Each gets indexed again. */
const BATCH_ITEMS = 500;

/**
 * Adds a collection of the archive. One of the same name keeps its description, order and owner.
 * It gets the items that it lacks, at its end.
 *
 * @param accountOf returns the local account of a user of the archive
 */
export async function takeCollection(
  db: Database,
  collection: ArchiveCollection,
  accountOf: (person: string) => string,
): Promise<'added' | 'updated' | 'skipped'> {
  const named = collectionName(collection.name);
  if (named === null) throw new ArchiveError(`“${collection.name}” is no name of a collection.`);
  const { description, sort, createdAt } = collection;
  const made = await inTransaction(db, (trx) =>
    insertCollection(trx, {
      ...named,
      id: uuidv7({ msecs: Date.parse(createdAt) }),
      description,
      sort,
      owner_id: accountOf(collection.owner),
      created_at: createdAt,
    }),
  );
  const here = (await findCollectionsByKeys(db, [named.key])).get(named.key);
  if (!here) throw new ArchiveError('A collection was deleted during the import. Run the import again.');
  let added = 0;
  for (let from = 0; from < collection.items.length; from += BATCH_ITEMS) {
    const batch = collection.items.slice(from, from + BATCH_ITEMS);
    const ids = await idsByHash(
      db,
      batch.map(({ sha256 }) => sha256),
    );
    added += await inTransaction(db, async (trx) => {
      const items = new Set(await lockItems(trx, [...ids.values()], null));
      await lockCollection(trx, here.id);
      const there = await findCollected(trx, here.id, [...items]);
      const room = MAX_COLLECTION_ITEMS - (await countCollected(trx, here.id));
      const missing = batch.flatMap(({ sha256, place, addedBy, addedAt }) => {
        const id = ids.get(sha256);
        return id === undefined || !items.has(id) || there.has(id)
          ? []
          : { media_id: id, place: made ? place : null, added_by: accountOf(addedBy), added_at: addedAt };
      });
      return (await insertCollected(trx, here.id, missing.slice(0, Math.max(0, room)))).length;
    });
  }
  if (made) return 'added';
  return added > 0 ? 'updated' : 'skipped';
}
