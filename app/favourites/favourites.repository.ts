import { sql } from 'kysely';
import type { Trx } from '../db/client.ts';

/** Adds items to a user's favourites. The caller holds the items. Returns the ids of new ones. */
export async function insertFavourites(trx: Trx, ids: readonly string[], userId: string): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await trx
    .insertInto('favourites')
    .values(ids.map((id) => ({ media_id: id, user_id: userId })))
    .onConflict((conflict) => conflict.doNothing())
    .returning('media_id')
    .execute();
  return rows.map((row) => row.media_id);
}

/**
 * Removes items from a user's favourites. The caller holds them. Returns the ids of those removed.
 */
export async function deleteFavourites(trx: Trx, ids: readonly string[], userId: string): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await trx
    .deleteFrom('favourites')
    .where('user_id', '=', userId)
    .where('media_id', 'in', ids)
    .returning('media_id')
    .execute();
  return rows.map((row) => row.media_id);
}

/** Counts the users whose favourites have each item, in the order of the ids. */
export async function countFavourites(
  trx: Trx,
  ids: readonly string[],
): Promise<{ id: string; favourites: number }[]> {
  const { rows } = await sql<{ id: string; favourites: number }>`
    select id, (select count(*)::integer from favourites where media_id = id) as favourites
    from unnest(${ids}::uuid[]) as asked (id) order by id`.execute(trx);
  return rows;
}

/**
 * Adds the item to the favourites of these users. The caller holds it. Returns how many are new.
 */
export async function insertFavouritesOf(
  trx: Trx,
  mediaId: string,
  users: readonly { user_id: string; created_at: string }[],
): Promise<number> {
  if (users.length === 0) return 0;
  const rows = await trx
    .insertInto('favourites')
    .values(users.map((user) => ({ ...user, media_id: mediaId })))
    .onConflict((conflict) => conflict.doNothing())
    .returning('user_id')
    .execute();
  return rows.length;
}
