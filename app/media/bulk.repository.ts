import { sql } from 'kysely';
import type { Database, Trx } from '../db/client.ts';

/**
 * Moves items into the trash (`true`) or out of it; returns the moved ids. The id order keeps two
 * such changes from deadlocking.
 *
 * @param ownerId only this user's items; `null` for anybody's
 */
export async function moveItems(
  trx: Trx,
  ids: readonly string[],
  ownerId: string | null,
  deleted: boolean,
): Promise<string[]> {
  const movable = await trx
    .selectFrom('media')
    .select('id')
    .where('id', 'in', ids)
    .where('deleted_at', deleted ? 'is' : 'is not', null)
    .$if(ownerId !== null, (query) => query.where('owner_id', '=', ownerId))
    .orderBy('id')
    .forNoKeyUpdate()
    .execute();
  if (movable.length === 0) return [];
  const moved = await trx
    .updateTable('media')
    .set({ deleted_at: deleted ? sql<Date>`now()` : null, updated_at: sql`now()` })
    .where(
      'id',
      'in',
      movable.map(({ id }) => id),
    )
    .returning('id')
    .execute();
  return moved.map(({ id }) => id);
}

export interface OriginalRow {
  id: string;
  object_key: string;
  byte_size: number;
  title: string;
  original_name: string;
  created_at: Date;
}

/**
 * Finds the originals of these items, newest first. Includes trashed items of the owner only, or of
 * anybody if `null`.
 */
export function findOriginals(
  db: Database,
  ids: readonly string[],
  ownerId: string | null,
): Promise<OriginalRow[]> {
  return db
    .selectFrom('media')
    .select(['id', 'object_key', 'byte_size', 'title', 'original_name', 'created_at'])
    .where('id', 'in', ids)
    .$if(ownerId !== null, (query) =>
      query.where((eb) => eb.or([eb('deleted_at', 'is', null), eb('owner_id', '=', ownerId)])),
    )
    .orderBy('id', 'desc')
    .execute();
}

/** Finds the present key of an item's original. */
export async function findOriginalKey(db: Database, id: string): Promise<string | null> {
  const row = await db.selectFrom('media').select('object_key').where('id', '=', id).executeTakeFirst();
  return row?.object_key ?? null;
}
