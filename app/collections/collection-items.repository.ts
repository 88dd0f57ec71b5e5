import { sql } from 'kysely';
import type { Trx } from '../db/client.ts';

/**
 * Smallest distance between two places with room for a move. With less, the places become whole
 * numbers again. That is rare: each move between the same two items halves the distance.
 */
const MIN_GAP = 1e-6;

/** Counts the items of a collection, those in the trash, too. */
export async function countCollected(trx: Trx, collectionId: string): Promise<number> {
  const { count } = await trx
    .selectFrom('collection_items')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('collection_id', '=', collectionId)
    .executeTakeFirstOrThrow();
  return count;
}

/** An item to be added: `place` is null for the end. */
export interface NewCollected {
  media_id: string;
  place: string | null;
  added_by: string;
  added_at?: string | undefined;
}

/**
 * Adds items, those without a place at the end, in this order. The caller holds the items, then the
 * collection. Returns the ids of the new ones.
 */
export async function insertCollected(
  trx: Trx,
  collectionId: string,
  items: readonly NewCollected[],
): Promise<string[]> {
  if (items.length === 0) return [];
  const { rows } = await sql<{ media_id: string }>`
    insert into collection_items (collection_id, media_id, place, added_by, added_at)
    select ${collectionId}::uuid, i.media_id,
      coalesce(i.place, floor(coalesce((
        select max(place) from collection_items where collection_id = ${collectionId}::uuid), 0)) + i.nth),
      i.added_by, coalesce(i.added_at, now())
    from unnest(
      ${items.map(({ media_id }) => media_id)}::uuid[], ${items.map(({ place }) => place)}::numeric[],
      ${items.map(({ added_by }) => added_by)}::uuid[],
      ${items.map(({ added_at }) => added_at ?? null)}::timestamptz[])
      with ordinality as i (media_id, place, added_by, added_at, nth)
    on conflict do nothing returning media_id`.execute(trx);
  return rows.map((row) => row.media_id);
}

/**
 * Gives a number to the items that have none: those that were added before items had numbers. The
 * addresses of a share page have them. The caller holds the collection.
 */
export async function numberCollected(trx: Trx, collectionId: string): Promise<void> {
  await sql`update collection_items set number = default
    where collection_id = ${collectionId} and number is null`.execute(trx);
}

/**
 * Gives new numbers to items that come back from the trash, if another item has theirs. That is one
 * that they were merged into. The caller holds the items.
 */
export async function renumberCollected(trx: Trx, ids: readonly string[]): Promise<void> {
  await sql`
    update collection_items own set number = default
    where media_id = any(${ids}::uuid[]) and exists (
      select from collection_items other
      where other.collection_id = own.collection_id and other.number = own.number
        and other.media_id <> own.media_id)`.execute(trx);
}

/**
 * Removes items from a collection. The caller holds the items, then the collection.
 *
 * @param addedBy only those that this user added; `null` for all
 * @returns the removed items with their places
 */
export async function deleteCollected(
  trx: Trx,
  collectionId: string,
  ids: readonly string[],
  addedBy: string | null,
): Promise<{ id: string; place: string }[]> {
  if (ids.length === 0) return [];
  return trx
    .deleteFrom('collection_items')
    .where('collection_id', '=', collectionId)
    .where('media_id', 'in', ids)
    .$if(addedBy !== null, (query) => query.where('added_by', '=', addedBy))
    .returning(['media_id as id', sql<string>`trim_scale(place)::text`.as('place')])
    .execute();
}

/** Returns the ids of those items that are in the collection. */
export async function findCollected(
  trx: Trx,
  collectionId: string,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await trx
    .selectFrom('collection_items')
    .select('media_id')
    .where('collection_id', '=', collectionId)
    .where('media_id', 'in', ids)
    .execute();
  return new Set(rows.map((row) => row.media_id));
}

/**
 * Moves items behind another one, in this order; `null`: to the beginning. It writes only the moved
 * rows, unless no room is left. The caller holds the collection, and all ids are in it.
 */
export async function moveCollected(
  trx: Trx,
  collectionId: string,
  ids: readonly string[],
  after: string | null,
): Promise<void> {
  let gap = await gapBehind(trx, collectionId, ids, after);
  if (Number(gap.width) < MIN_GAP) {
    await spread(trx, collectionId);
    gap = await gapBehind(trx, collectionId, ids, after);
  }
  await sql`
    update collection_items
    set place = ${gap.low}::numeric + ${gap.width}::numeric * moved.nth / ${ids.length + 1}
    from unnest(${ids}::uuid[]) with ordinality as moved (id, nth)
    where collection_id = ${collectionId} and media_id = moved.id`.execute(trx);
}

/**
 * Finds the distance that the items go into, as decimal numbers. An end of the collection has room
 * for each of them.
 */
async function gapBehind(trx: Trx, collectionId: string, ids: readonly string[], after: string | null) {
  const room = ids.length + 1;
  const { rows } = await sql<{ low: string; width: string }>`
    with rest as (
      select place, media_id from collection_items
      where collection_id = ${collectionId} and media_id <> all(${ids}::uuid[])),
    target as (select place, media_id from rest where media_id = ${after}::uuid),
    ends as (
      select (select place from target) as low, (
        select place from rest
        where ${after}::uuid is null or (place, media_id) > (select place, media_id from target)
        order by place, media_id limit 1) as high)
    select coalesce(low, high - ${room}, 0)::text as low,
      coalesce(high - low, ${room})::text as width
    from ends`.execute(trx);
  const [gap] = rows;
  if (!gap) throw new Error('A query of one row gave none.');
  return gap;
}

/** Gives every item of a collection a whole number as its place, in the same order. */
async function spread(trx: Trx, collectionId: string): Promise<void> {
  await sql`
    update collection_items set place = numbered.nth
    from (
      select media_id, row_number() over (order by place, media_id) as nth
      from collection_items where collection_id = ${collectionId}) as numbered
    where collection_id = ${collectionId} and collection_items.media_id = numbered.media_id`.execute(trx);
}
