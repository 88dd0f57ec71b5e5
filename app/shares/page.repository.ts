import { sql } from 'kysely';
import { jsonArrayFrom } from 'kysely/helpers/postgres';
import type { Database } from '../db/client.ts';

/** Characters of a picture's text that a card can use. */
const CARD_TEXT_CHARACTERS = 600;

/**
 * Finds all that a share page needs in one round trip. It is the share, its items outside the trash
 * in order, and whether the session exists.
 *
 * @param sessionId of a verified cookie, or `null`
 * @param idleSeconds a session that is unused for longer counts as ended
 */
export async function findSharePage(
  db: Database,
  code: string,
  { sessionId, idleSeconds }: { sessionId: string | null; idleSeconds: number },
) {
  const row = await db
    .selectFrom('shares')
    .innerJoin('users', 'users.id', 'shares.owner_id')
    .where('shares.code', '=', code)
    .select([
      'shares.code',
      'shares.show_sharer',
      'users.username as owner_name',
      'shares.card_key',
      'shares.card_of',
      sql<boolean>`shares.revoked_at is not null or coalesce(shares.expires_at <= now(), false)`.as('ended'),
      sql<boolean>`exists (
        select from sessions join users u on u.id = sessions.user_id
        where sessions.id = ${sessionId}::uuid and u.disabled_at is null
          and sessions.last_seen_at > now() - make_interval(secs => ${idleSeconds}))`.as('signed_in'),
    ])
    .select((eb) =>
      jsonArrayFrom(
        eb
          .selectFrom('share_items')
          .innerJoin('media', 'media.id', 'share_items.media_id')
          .whereRef('share_items.code', '=', 'shares.code')
          .where('media.deleted_at', 'is', null)
          .orderBy('share_items.position')
          .select([
            'share_items.position',
            'media.id',
            'media.kind',
            'media.mime',
            'media.width',
            'media.height',
            'media.title',
            'media.original_name',
            'media.object_key',
            'media.thumb_key',
            'media.poster_key',
            'media.preview_key',
            'media.playback_key',
            'media.card_key',
            sql<string>`left(media.text, ${CARD_TEXT_CHARACTERS})`.as('text'),
            sql<boolean>`exists (
              select from media_stages where media_id = media.id and state = 'pending'
                and stage in ('thumbnail', 'playback'))`.as('rendering'),
          ]),
      ).as('items'),
    )
    .executeTakeFirst();
  return row ?? null;
}

export type SharePageRow = NonNullable<Awaited<ReturnType<typeof findSharePage>>>;
export type ShareItemRow = SharePageRow['items'][number];

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
 * or a place in the trash meanwhile.
 *
 * @param from the row that the picture was made of
 */
export async function setItemCard(db: Database, from: CardItem, key: string): Promise<boolean> {
  const result = await db
    .updateTable('media')
    .set({ card_key: key })
    .where('id', '=', from.id)
    .where('object_key', '=', from.object_key)
    .where('card_key', 'is not distinct from', from.card_key)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Names the sharing picture of a gallery. Returns `false` if it got another one meanwhile. */
export async function setGalleryCard(
  db: Database,
  code: string,
  { before, key, of }: { before: string | null; key: string; of: string },
): Promise<boolean> {
  const result = await db
    .updateTable('shares')
    .set({ card_key: key, card_of: of })
    .where('code', '=', code)
    .where('card_key', 'is not distinct from', before)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}
