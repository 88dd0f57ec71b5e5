import { sql } from 'kysely';
import { jsonArrayFrom } from 'kysely/helpers/postgres';
import type { Database, Trx } from '../db/client.ts';
import { SHARE_PREVIEW_ITEMS } from './shares.limits.ts';

export interface NewShareRow {
  code: string;
  ownerId: string;
  showSharer: boolean;
  /** `null`: never expires. */
  days: number | null;
  endFileAddress: boolean;
  /** The collection whose items the page shows. */
  collectionId: string | null;
}

/**
 * The items of all shares, those in the trash, too. Chosen ones have their position on the page.
 * Those that a collection has now have their number in it.
 */
export const shownItems = sql<{ code: string; position: number; media_id: string }>`(
  select code, position::integer as position, media_id from share_items
  union all
  select s.code, c.number, c.media_id
  from shares s join collection_items c on c.collection_id = s.collection_id)`;

/** The time in `days` from now by the database's clock; `null`: never. */
const expiry = (days: number | null) =>
  days === null ? null : sql<Date>`now() + make_interval(days => ${days})`;

/** Inserts a share of these items, in this order; none for that of a collection. */
export async function insertShare(trx: Trx, share: NewShareRow, itemIds: readonly string[]): Promise<void> {
  await trx
    .insertInto('shares')
    .values({
      code: share.code,
      owner_id: share.ownerId,
      show_sharer: share.showSharer,
      expires_at: expiry(share.days),
      end_file_address: share.endFileAddress,
      collection_id: share.collectionId,
    })
    .execute();
  if (itemIds.length === 0) return;
  await trx
    .insertInto('share_items')
    .values(itemIds.map((media_id, position) => ({ code: share.code, position, media_id })))
    .execute();
}

/**
 * Returns the owners of the items outside the trash, by item. Keeps these items there until the
 * transaction ends. Locks in the order of ids.
 */
export async function lockLiveItems(trx: Trx, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await trx
    .selectFrom('media')
    .select(['id', 'owner_id'])
    .where('id', 'in', ids)
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .forShare()
    .execute();
  return new Map(rows.map(({ id, owner_id }) => [id, owner_id]));
}

/** True while the page shows something: not revoked, not expired. */
export const isOpen = (shares: 'shares' | 'other_share') =>
  sql<boolean>`${sql.ref(shares)}.revoked_at is null
    and (${sql.ref(shares)}.expires_at is null or ${sql.ref(shares)}.expires_at > now())`;

/** The items outside the trash of the share in the query around this one. */
const liveItems = (db: Database | Trx) =>
  db
    .selectFrom(shownItems.as('shown'))
    .innerJoin('media', 'media.id', 'shown.media_id')
    .where('shown.code', '=', sql.ref<string>('shares.code'))
    .where('media.deleted_at', 'is', null);

/** A chosen item of somebody else, in the share of the query around this one. */
const foreignItem = (viewerId: string) => sql<boolean>`exists (
  select from share_items join media on media.id = share_items.media_id
  where share_items.code = shares.code and media.owner_id <> ${viewerId})`;

/** An item that the owner of the share does not own. */
const foreignItemOfOwner = sql<boolean>`exists (
  select from share_items join media on media.id = share_items.media_id
  where share_items.code = shares.code and media.owner_id <> shares.owner_id)`;

/** Another live share that shows a chosen item of the share in the query around this one. */
const otherShare = sql<boolean>`exists (
  select from share_items
  join ${shownItems} other on other.media_id = share_items.media_id and other.code <> share_items.code
  join shares other_share on other_share.code = other.code
  where share_items.code = shares.code and ${isOpen('other_share')})`;

/** Selects shares for the lists. `viewerId`: the user whose items count as own. */
function selectShares(db: Database | Trx, viewerId: string) {
  return db
    .selectFrom('shares')
    .innerJoin('users', 'users.id', 'shares.owner_id')
    .leftJoin('collections', 'collections.id', 'shares.collection_id')
    .select([
      'shares.code',
      'shares.owner_id',
      'shares.collection_id',
      'collections.name as collection_name',
      'users.username as owner_name',
      'shares.show_sharer',
      'shares.created_at',
      'shares.expires_at',
      'shares.revoked_at',
      'shares.opens',
      'shares.last_opened_at',
      'shares.end_file_address',
      otherShare.as('other_shares'),
      foreignItem(viewerId).as('foreign_items'),
      sql<boolean>`coalesce(shares.expires_at <= now(), false)`.as('expired'),
    ])
    .select([
      liveItems(db)
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .as('item_count'),
      jsonArrayFrom(
        liveItems(db)
          .select(['media.id', 'media.title', 'media.kind', 'media.thumb_key'])
          .orderBy('shown.position')
          .limit(SHARE_PREVIEW_ITEMS),
      ).as('items'),
    ]);
}

export type ShareRow = Awaited<ReturnType<ReturnType<typeof selectShares>['executeTakeFirstOrThrow']>>;

/** Finds a share as this user sees it. */
export async function findShare(
  db: Database | Trx,
  code: string,
  viewerId: string,
): Promise<ShareRow | null> {
  return (await selectShares(db, viewerId).where('shares.code', '=', code).executeTakeFirst()) ?? null;
}

/** Locks a share until the end of the transaction, so that its changes follow each other. */
export async function lockShare(trx: Trx, code: string) {
  const query = trx.selectFrom('shares').selectAll().where('code', '=', code).forNoKeyUpdate();
  return (await query.executeTakeFirst()) ?? null;
}

/**
 * Lists shares, newest first: all, or those of one user, one item or one collection.
 *
 * @param after code of the last share of the page before
 */
export async function listShares(
  db: Database,
  {
    ownerId,
    itemId,
    collectionId,
    after,
    limit,
    viewerId,
  }: {
    ownerId: string | null;
    itemId: string | null;
    collectionId: string | null;
    after: string | null;
    limit: number;
    viewerId: string;
  },
): Promise<ShareRow[]> {
  return selectShares(db, viewerId)
    .$if(ownerId !== null, (query) => query.where('shares.owner_id', '=', ownerId ?? ''))
    .$if(itemId !== null, (query) =>
      query.where((eb) =>
        eb.exists(
          eb
            .selectFrom(shownItems.as('shown'))
            .select('shown.code')
            .whereRef('shown.code', '=', 'shares.code')
            .where('shown.media_id', '=', itemId ?? ''),
        ),
      ),
    )
    .$if(collectionId !== null, (query) => query.where('shares.collection_id', '=', collectionId))
    .$if(after !== null, (query) =>
      query.where(
        sql<boolean>`(shares.created_at, shares.code) <
          (select before.created_at, before.code from shares before where before.code = ${after})`,
      ),
    )
    .orderBy('shares.created_at', 'desc')
    .orderBy('shares.code', 'desc')
    .limit(limit)
    .execute();
}

/**
 * Finds the user's lasting links of items outside the trash, by item. A link is the oldest live
 * share of the item alone that never expires. One that names the user comes last.
 */
export async function findLinks(
  db: Database | Trx,
  ownerId: string,
  itemIds: readonly string[],
): Promise<Map<string, string>> {
  if (itemIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('shares')
    .innerJoin('share_items', 'share_items.code', 'shares.code')
    .innerJoin('media', 'media.id', 'share_items.media_id')
    .distinctOn('share_items.media_id')
    .select(['share_items.media_id', 'shares.code'])
    .where('share_items.media_id', 'in', itemIds)
    .where('media.deleted_at', 'is', null)
    .where('shares.owner_id', '=', ownerId)
    .where('shares.revoked_at', 'is', null)
    .where('shares.expires_at', 'is', null)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('share_items as other')
            .select('other.code')
            .whereRef('other.code', '=', 'shares.code')
            .whereRef('other.media_id', '<>', 'share_items.media_id'),
        ),
      ),
    )
    .orderBy('share_items.media_id')
    .orderBy('shares.show_sharer')
    .orderBy('shares.created_at')
    .execute();
  return new Map(rows.map(({ media_id, code }) => [media_id, code]));
}

/** Lists the chosen items of a share, the trashed ones, too. */
export async function itemsOfShare(trx: Trx, code: string): Promise<{ id: string; owner_id: string }[]> {
  return trx
    .selectFrom('share_items')
    .innerJoin('media', 'media.id', 'share_items.media_id')
    .select(['media.id', 'media.owner_id'])
    .where('share_items.code', '=', code)
    .orderBy('share_items.position')
    .execute();
}

/** Takes items out of every share, for good. The caller holds the items' rows. */
export async function withdrawItems(trx: Trx, itemIds: readonly string[]): Promise<void> {
  await trx.deleteFrom('share_items').where('media_id', 'in', itemIds).execute();
}

/** Finds ended shares whose file addresses must end. Locks them, and skips locked ones. */
export async function lockEndingShares(trx: Trx, limit: number): Promise<{ code: string }[]> {
  return trx
    .selectFrom('shares')
    .select('code')
    .where('end_file_address', '=', true)
    .where((eb) => eb.or([eb('revoked_at', 'is not', null), eb('expires_at', '<=', sql<Date>`now()`)]))
    .limit(limit)
    .forNoKeyUpdate()
    .skipLocked()
    .execute();
}

/** Tells whether the owner of a share may change every item of it: owns it, or is an admin. */
export async function ownerMayEnd(trx: Trx, code: string): Promise<boolean> {
  const row = await trx
    .selectFrom('shares')
    .innerJoin('users', 'users.id', 'shares.owner_id')
    .select(sql<boolean>`users.role = 'admin' or not ${foreignItemOfOwner}`.as('may'))
    .where('shares.code', '=', code)
    .executeTakeFirst();
  return row?.may ?? false;
}

export async function updateShare(
  trx: Trx,
  code: string,
  {
    days,
    showSharer,
    endFileAddress,
  }: {
    days?: number | null | undefined;
    showSharer?: boolean | undefined;
    endFileAddress?: boolean | undefined;
  },
): Promise<void> {
  if (days === undefined && showSharer === undefined && endFileAddress === undefined) return;
  await trx
    .updateTable('shares')
    .set({
      ...(days !== undefined && { expires_at: expiry(days) }),
      ...(showSharer !== undefined && { show_sharer: showSharer }),
      ...(endFileAddress !== undefined && { end_file_address: endFileAddress }),
    })
    .where('code', '=', code)
    .execute();
}

/** Revokes a share; a revoked one keeps its time. */
export async function revokeShare(trx: Trx, code: string): Promise<void> {
  await trx
    .updateTable('shares')
    .set({ revoked_at: sql<Date>`coalesce(revoked_at, now())` })
    .where('code', '=', code)
    .execute();
}

/**
 * Revokes every share of a collection. Locks all of them, because the deletion of the collection
 * changes the revoked ones, too. The caller holds the collection.
 */
export async function revokeSharesOf(trx: Trx, collectionId: string): Promise<void> {
  await trx
    .selectFrom('shares')
    .select('code')
    .where('collection_id', '=', collectionId)
    .orderBy('code')
    .forNoKeyUpdate()
    .execute();
  await trx
    .updateTable('shares')
    .set({ revoked_at: sql`now()` })
    .where('collection_id', '=', collectionId)
    .where('revoked_at', 'is', null)
    .execute();
}

/**
 * Revokes every share of one user, or of all (`null`). Returns the number of those that were open.
 */
export async function revokeShares(trx: Trx, ownerId: string | null): Promise<number> {
  const rows = await trx
    .with('ended', (cte) =>
      cte
        .selectFrom('shares')
        .select(['code', isOpen('shares').as('open')])
        .where('revoked_at', 'is', null)
        .$if(ownerId !== null, (query) => query.where('owner_id', '=', ownerId ?? ''))
        .orderBy('code')
        .forNoKeyUpdate(),
    )
    .updateTable('shares')
    .from('ended')
    .set({ revoked_at: sql`now()` })
    .whereRef('shares.code', '=', 'ended.code')
    .returning('ended.open')
    .execute();
  return rows.filter(({ open }) => open).length;
}
