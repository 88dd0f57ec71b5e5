import { sql } from 'kysely';
import { z } from 'zod';
import type { Database, Trx } from '../../db/client.ts';
import { shownItems } from '../../shares/shares.repository.ts';
import type { MediaRow } from '../media.repository.ts';

/** How often an item was shared, and the pages with it opened. */
const shareCounts = z.object({ shares: z.number().int(), opens: z.number().int() });
type ShareCounts = z.infer<typeof shareCounts>;

const NO_COUNTS: ShareCounts = { shares: 0, opens: 0 };

/** Everything that an item got from a merged one, so that it can be taken back. */
export const mergeUndo = z.object({
  /** The title, if the other had none before. */
  title: z.string().nullable(),
  /** Lines that were added to the description. */
  description: z.string(),
  tags: z.array(z.string()),
  favourites: z.array(z.uuid()),
  collections: z.array(z.uuid()),
  /** `opens`: of the share at that time; absent in merges of older releases, as are the counts. */
  shares: z.array(
    z.object({ code: z.string(), position: z.number().int(), opens: z.number().int().optional() }),
  ),
  counts: shareCounts.default(NO_COUNTS),
});
export type MergeUndo = z.infer<typeof mergeUndo>;

const NOTHING_TO_UNDO = JSON.stringify({
  title: null,
  description: '',
  tags: [],
  favourites: [],
  collections: [],
  shares: [],
  counts: NO_COUNTS,
} satisfies MergeUndo);

/** Locks items in the order of their ids. Returns their whole rows. */
export async function lockMerged(trx: Trx, ids: readonly string[]) {
  return trx.selectFrom('media').selectAll().where('id', 'in', ids).orderBy('id').forNoKeyUpdate().execute();
}

/** Adds the users' favourites of one item to another. Returns the users that are new there. */
export async function copyFavourites(trx: Trx, from: string, into: string): Promise<string[]> {
  const { rows } = await sql<{ user_id: string }>`
    insert into favourites (media_id, user_id, created_at)
    select ${into}::uuid, user_id, created_at from favourites where media_id = ${from}
    on conflict do nothing returning user_id`.execute(trx);
  return rows.map(({ user_id }) => user_id);
}

export async function removeFavourites(trx: Trx, id: string, users: readonly string[]): Promise<void> {
  if (users.length > 0)
    await trx.deleteFrom('favourites').where('media_id', '=', id).where('user_id', 'in', users).execute();
}

/** Locks the collections of these items by id. The caller holds the items. */
export async function lockCollectionsOf(trx: Trx, ids: readonly string[]): Promise<void> {
  await sql`select id from collections
    where id in (select collection_id from collection_items where media_id = any(${ids}::uuid[]))
    order by id for no key update`.execute(trx);
}

/**
 * Puts an item into every collection of another one, at its place and with its number. So the
 * addresses of the other one on share pages lead to it, and back. The other one is in the trash
 * meanwhile. The caller holds the items and the collections. Returns the ids of the collections
 * where it is new.
 */
export async function copyCollected(trx: Trx, from: string, into: string): Promise<string[]> {
  const { rows } = await sql<{ collection_id: string }>`
    insert into collection_items (collection_id, media_id, place, number, added_by, added_at)
    select collection_id, ${into}::uuid, place, number, added_by, added_at from collection_items
    where media_id = ${from}
    on conflict do nothing returning collection_id`.execute(trx);
  return rows.map(({ collection_id }) => collection_id);
}

export async function removeCollected(trx: Trx, id: string, collections: readonly string[]): Promise<void> {
  if (collections.length > 0)
    await trx
      .deleteFrom('collection_items')
      .where('media_id', '=', id)
      .where('collection_id', 'in', collections)
      .execute();
}

/**
 * Locks the shares that show these items by code, also those of collections. The caller holds the
 * items. Call it before anything else that changes shares of the items.
 */
export async function lockSharesOf(trx: Trx, ids: readonly string[]): Promise<void> {
  await sql`select code from shares
    where code in (select code from ${shownItems} shown where media_id = any(${ids}::uuid[]))
    order by code for no key update`.execute(trx);
}

/**
 * Shows an item in the shares of another one, unless it is there. The caller holds the items and
 * the shares. Returns the places that show it now, with the openings of their shares.
 */
export async function moveShares(trx: Trx, from: string, into: string): Promise<MergeUndo['shares']> {
  const { rows } = await sql<MergeUndo['shares'][number]>`
    update share_items set media_id = ${into}
    from shares
    where media_id = ${from} and shares.code = share_items.code and not exists (
      select from share_items other where other.code = share_items.code and other.media_id = ${into})
    returning shares.code, position, opens`.execute(trx);
  return rows;
}

/**
 * Shows an item again at places that show the other one. Returns the number of openings of these
 * shares since the merge.
 */
export async function returnShares(
  trx: Trx,
  from: string,
  to: string,
  places: MergeUndo['shares'],
): Promise<number> {
  let opened = 0;
  for (const { code, position, opens } of places) {
    const { rows } = await sql<{ opens: number }>`
      update share_items set media_id = ${to}
      from shares
      where shares.code = ${code} and share_items.code = shares.code and position = ${position}
        and media_id = ${from} and not exists (
          select from share_items other where other.code = ${code} and other.media_id = ${to})
      returning opens`.execute(trx);
    for (const now of rows) opened += opens === undefined ? 0 : now.opens - opens;
  }
  return opened;
}

/** Locks the counts of shares of these items by id, after the shares. */
export async function lockCounts(trx: Trx, ids: readonly string[]): Promise<void> {
  await sql`select media_id from share_counts where media_id = any(${ids}::uuid[])
    order by media_id for no key update`.execute(trx);
}

/**
 * Moves the counts of an item to another one, whose shares {@link moveShares} has brought over. A
 * share that shows both counts for both already. The caller holds the counts. Returns what moved.
 */
export async function moveCounts(trx: Trx, from: string, into: string): Promise<ShareCounts> {
  const { rows } = await sql<ShareCounts>`
    select counted.shares - count(shares.code)::integer as shares,
      greatest(0, counted.opens - coalesce(sum(shares.opens), 0))::integer as opens
    from share_counts counted
    left join share_items on share_items.media_id = counted.media_id
    left join shares on shares.code = share_items.code
    where counted.media_id = ${from}
    group by counted.media_id`.execute(trx);
  return giveCounts(trx, from, into, rows[0] ?? NO_COUNTS);
}

/**
 * Gives counts of one item to another, at most those that it has. An item without shares has no
 * counts. The caller holds the counts. Returns what was given.
 */
export async function giveCounts(
  trx: Trx,
  from: string,
  to: string,
  wanted: ShareCounts,
): Promise<ShareCounts> {
  const { rows } = await sql<ShareCounts>`
    select least(shares, ${wanted.shares}::integer) as shares, least(opens, ${wanted.opens}::integer) as opens
    from share_counts where media_id = ${from}`.execute(trx);
  const [given] = rows;
  if (!given || given.shares <= 0) return NO_COUNTS;
  const { shares, opens } = given;
  await sql`
    update share_counts set shares = shares - ${shares}, opens = opens - ${opens}
    where media_id = ${from}`.execute(trx);
  await trx.deleteFrom('share_counts').where('media_id', '=', from).where('shares', '=', 0).execute();
  await sql`
    insert into share_counts (media_id, shares, opens) values (${to}, ${shares}, ${opens})
    on conflict (media_id) do update set
      shares = share_counts.shares + excluded.shares, opens = share_counts.opens + excluded.opens`.execute(
    trx,
  );
  return given;
}

/** The keys of an item by the role of their file. */
export interface FormerKeys {
  keys: readonly string[];
  roles: readonly string[];
}

export async function insertMerge(
  trx: Trx,
  { id, into, keys, roles, undo }: { id: string; into: string; undo: MergeUndo } & FormerKeys,
): Promise<void> {
  const values = { into_id: into, keys: [...keys], roles: [...roles], undo: JSON.stringify(undo) };
  await trx
    .insertInto('merges')
    .values({ media_id: id, ...values })
    .onConflict((conflict) =>
      conflict.column('media_id').doUpdateSet({ ...values, merged_at: sql<Date>`now()` }),
    )
    .execute();
}

/**
 * Records merges that another library made: the addresses of the merged items lead to this one. To
 * restore one takes nothing back. Leaves out items outside the trash, and those that are merged
 * here. The caller holds the item. Returns the number of new ones.
 */
export async function insertFormerMerges(
  trx: Trx,
  into: string,
  merged: readonly ({ id: string } & FormerKeys)[],
): Promise<number> {
  if (merged.length === 0) return 0;
  const ids = merged.map(({ id }) => id);
  const live = await trx
    .selectFrom('media')
    .select('id')
    .where('id', 'in', ids)
    .where('deleted_at', 'is', null)
    .execute();
  const left = new Set([into, ...live.map(({ id }) => id)]);
  let count = 0;
  for (const { id, keys, roles } of merged) {
    if (left.has(id)) continue;
    const inserted = await trx
      .insertInto('merges')
      .values({ media_id: id, into_id: into, keys: [...keys], roles: [...roles], undo: NOTHING_TO_UNDO })
      .onConflict((conflict) => conflict.column('media_id').doNothing())
      .returning('media_id')
      .executeTakeFirst();
    if (inserted) count += 1;
  }
  return count;
}

/** Finds the merges of these items, by the id of the merged one. */
export async function findMerges(db: Database | Trx, ids: readonly string[]) {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('merges')
    .select(['media_id', 'into_id', 'undo'])
    .where('media_id', 'in', ids)
    .orderBy('media_id')
    .execute();
  return rows.map(({ undo, ...row }) => ({ ...row, undo: mergeUndo.parse(JSON.parse(undo)) }));
}

export async function deleteMerges(trx: Trx, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await trx.deleteFrom('merges').where('media_id', 'in', ids).execute();
}

/** Merges that follow each other at most. */
const MAX_CHAIN = 50;

/** Finds the item outside the trash that an item was merged into, by the merged one's id. */
export async function findMergedInto(db: Database | Trx, id: string): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    with recursive chain as (
      select into_id, 1 as step from merges where media_id = ${id}
      union all
      select m.into_id, step + 1 from chain join merges m on m.media_id = chain.into_id
      where step < ${MAX_CHAIN})
    select media.id from chain join media on media.id = into_id and deleted_at is null
    order by step limit 1`.execute(db);
  return rows[0]?.id ?? null;
}

/** Finds the merged item that had an address, and the role of its file. */
export async function findMergedKey(
  db: Database,
  key: string,
): Promise<{ media_id: string; role: string } | null> {
  const { rows } = await sql<{ media_id: string; role: string }>`
    select media_id, roles[array_position(keys, ${key})] as role from merges
    where keys @> array[${key}]::text[] limit 1`.execute(db);
  return rows[0] ?? null;
}

/** Finds the present keys of an item outside the trash. */
export async function findLiveKeys(
  db: Database,
  id: string,
): Promise<Pick<
  MediaRow,
  'object_key' | 'thumb_key' | 'large_key' | 'poster_key' | 'preview_key' | 'playback_key'
> | null> {
  const row = await db
    .selectFrom('media')
    .select(['object_key', 'thumb_key', 'large_key', 'poster_key', 'preview_key', 'playback_key'])
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  return row ?? null;
}

/** Forgets the former addresses that lead to an item, directly or by several merges. */
export async function forgetFormerKeys(trx: Trx, id: string): Promise<void> {
  await sql`
    with recursive chain as (
      select media_id, 1 as step from merges where into_id = ${id} or media_id = ${id}
      union
      select m.media_id, step + 1 from chain join merges m on m.into_id = chain.media_id
      where step < ${MAX_CHAIN})
    update merges set keys = '{}', roles = '{}' where media_id in (select media_id from chain)`.execute(trx);
}

/** Finds who proposes to merge these items, by item. */
export async function findWishes(db: Database, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('merge_wishes')
    .innerJoin('users', 'users.id', 'user_id')
    .select(['media_id', 'username'])
    .where('media_id', 'in', ids)
    .execute();
  return new Map(rows.map(({ media_id, username }) => [media_id, username]));
}

/** Records that a user proposes to merge locked items. The first proposal stays. */
export async function insertWishes(
  trx: Trx,
  ids: readonly string[],
  into: string,
  userId: string,
): Promise<string[]> {
  const rows = await trx
    .insertInto('merge_wishes')
    .values(ids.map((id) => ({ media_id: id, into_id: into, user_id: userId })))
    .onConflict((conflict) => conflict.column('media_id').doNothing())
    .returning('media_id')
    .execute();
  return rows.map(({ media_id }) => media_id);
}

/**
 * Removes proposals.
 *
 * @param by only those of this user, or of this user's items; `null` for all
 */
export async function deleteWishes(trx: Trx, ids: readonly string[], by: string | null): Promise<string[]> {
  const { rows } = await sql<{ media_id: string }>`
    delete from merge_wishes where media_id = any(${ids}::uuid[]) and (
      ${by}::uuid is null or user_id = ${by}::uuid
      or exists (select from media where id = media_id and owner_id = ${by}::uuid))
    returning media_id`.execute(trx);
  return rows.map(({ media_id }) => media_id);
}
