import { sql } from 'kysely';
import type { Database, Trx } from '../db/client.ts';

/** Lists the collections, or those of one user, in the order of their ids, without items. */
export function collectionsUntil(db: Database, moment: Date, ownerId: string | null) {
  return db
    .selectFrom('collections')
    .select(['id', 'name', 'description', 'sort', 'owner_id', 'created_at'])
    .where('created_at', '<=', moment)
    .$if(ownerId !== null, (query) => query.where('owner_id', '=', ownerId ?? ''))
    .orderBy('id')
    .execute();
}

/**
 * Lists the items of a collection, or those of one user in it, in its order by hand. Includes those
 * in the trash.
 */
export function collectedUntil(db: Database, collectionId: string, moment: Date, ownerId: string | null) {
  return db
    .selectFrom('collection_items')
    .innerJoin('media', 'media.id', 'media_id')
    .select(['sha256', sql<string>`trim_scale(place)::text`.as('place'), 'added_by', 'added_at'])
    .where('collection_id', '=', collectionId)
    .where('media.created_at', '<=', moment)
    .$if(ownerId !== null, (query) => query.where('media.owner_id', '=', ownerId ?? ''))
    .orderBy('place')
    .orderBy('media_id')
    .execute();
}

/** Returns the ids of the items with these contents. */
export async function idsByHash(
  db: Database | Trx,
  hashes: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (hashes.length === 0) return new Map();
  const rows = await db.selectFrom('media').select(['id', 'sha256']).where('sha256', 'in', hashes).execute();
  return new Map(rows.map((row) => [row.sha256, row.id]));
}
