import { sql, type Selectable } from 'kysely';
import type { Database, Trx } from '../db/client.ts';
import type { Media } from '../db/schema.gen.ts';
import { isOpen, shownItems } from './shares.repository.ts';

/** A share, as the functions `share_page` and `shared_collection` of the database return it. */
export interface SharePageRow {
  code: string;
  show_sharer: boolean;
  owner_name: string;
  card_key: string | null;
  card_of: string | null;
  /** Revoked or expired. */
  ended: boolean;
  signed_in: boolean;
  /** The name of the collection that it shows; null for chosen items. */
  collection_name: string | null;
  /** Number of the items outside the trash that the collection has. */
  collection_items: number;
  /** The items outside the trash, in order; of a collection the first ones. */
  items: ShareItemRow[];
}

export interface ShareItemRow extends Pick<
  Selectable<Media>,
  | 'id'
  | 'kind'
  | 'mime'
  | 'width'
  | 'height'
  | 'title'
  | 'original_name'
  | 'object_key'
  | 'thumb_key'
  | 'poster_key'
  | 'preview_key'
  | 'playback_key'
  | 'card_key'
> {
  position: number;
  /** The beginning of the text in the picture: at most 600 characters, enough for a card. */
  text: string;
  /** Whether the thumbnail or the version for all browsers is still being made. */
  rendering: boolean;
}

/**
 * Finds all that a share page needs, in one round trip: the share, its items, and whether the
 * session exists.
 *
 * @param sessionId of a verified cookie, or `null`
 * @param idleSeconds a session that is unused for longer counts as ended
 */
export async function findSharePage(
  db: Database,
  code: string,
  { sessionId, idleSeconds }: { sessionId: string | null; idleSeconds: number },
): Promise<SharePageRow | null> {
  const { rows } = await sql<SharePageRow>`
    select page.*, collection.name as collection_name, coalesce(collection.total, 0) as collection_items
    from share_page(${code}, ${sessionId}::uuid, ${idleSeconds}) page
    left join shared_collection(${code}) collection on true`.execute(db);
  return rows[0] ?? null;
}

/** Returns the key of the still that stands for an item in galleries; `null` before it is made. */
export const stillKey = (item: Pick<ShareItemRow, 'poster_key' | 'thumb_key'>): string | null =>
  item.poster_key ?? item.thumb_key;

/** Finds the data of a sharing picture: the item outside the trash. */
export async function findCardItem(db: Database, id: string) {
  const row = await db
    .selectFrom('media')
    .select(['id', 'kind', 'mime', 'width', 'height', 'object_key', 'poster_key', 'card_key'])
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  return row ?? null;
}

export type CardItem = NonNullable<Awaited<ReturnType<typeof findCardItem>>>;

/**
 * Names the sharing picture of an item. Returns `false` if the item got another one, another file
 * or a place in the trash meanwhile. Also if its last share ended.
 *
 * @param from the row that the picture was made of
 */
export async function setItemCard(trx: Trx, from: CardItem, key: string): Promise<boolean> {
  const result = await trx
    .updateTable('media')
    .set({ card_key: key })
    .where('id', '=', from.id)
    .where('object_key', '=', from.object_key)
    .where('card_key', 'is not distinct from', from.card_key)
    .where('deleted_at', 'is', null)
    .where(
      sql<boolean>`exists (
        select from ${shownItems} shown join shares on shares.code = shown.code
        where shown.media_id = media.id and ${isOpen('shares')})`,
    )
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** The still of an item in the sharing picture of a gallery. */
export interface Still {
  id: string;
  key: string;
}

/**
 * Names the sharing picture of a gallery. Returns `false` if it got another one meanwhile or ended.
 * Also if it does not show the same stills any more. Locks the items, then the share.
 */
export async function setGalleryCard(
  trx: Trx,
  code: string,
  { before, key, of, shown }: { before: string | null; key: string; of: string; shown: readonly Still[] },
): Promise<boolean> {
  const items = await trx
    .selectFrom('media')
    .select(['id', 'poster_key', 'thumb_key'])
    .where(
      'id',
      'in',
      shown.map(({ id }) => id),
    )
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .forShare()
    .execute();
  const stills = new Map(items.map((item) => [item.id, stillKey(item)]));
  if (shown.some((still) => stills.get(still.id) !== still.key)) return false;
  const result = await trx
    .updateTable('shares')
    .set({ card_key: key, card_of: of })
    .where('code', '=', code)
    .where('card_key', 'is not distinct from', before)
    .where(isOpen('shares'))
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}
