import { sql } from 'kysely';
import type { Trx } from '../db/client.ts';
import { isOpen, shownItems } from './shares.repository.ts';

/** Rows of one statement. */
const BATCH_ROWS = 500;

/**
 * Forgets the sharing pictures of galleries that have one of these items. The caller holds the
 * items' rows. Returns the keys of the objects, which the caller discards.
 */
export async function endGalleryCards(trx: Trx, itemIds: readonly string[]): Promise<string[]> {
  if (itemIds.length === 0) return [];
  const { rows } = await sql<{ card_key: string }>`
    with ended as (
      select code, card_key from shares
      where card_key is not null
        and code in (select code from ${shownItems} shown where media_id in (${sql.join(itemIds)}))
      order by code for no key update)
    update shares set card_key = null, card_of = null
    from ended where shares.code = ended.code
    returning ended.card_key`.execute(trx);
  return rows.map(({ card_key }) => card_key);
}

/**
 * Forgets sharing pictures that no live share shows: those of items, and then those of galleries.
 * Returns the keys of the objects, which the caller discards, and whether there are more.
 */
export async function endUnsharedCards(trx: Trx): Promise<{ keys: string[]; more: boolean }> {
  const items = await sql<{ card_key: string }>`
    with ended as (
      select id, card_key from media
      where card_key is not null and not exists (
        select from ${shownItems} shown join shares on shares.code = shown.code
        where shown.media_id = media.id and ${isOpen('shares')})
      order by id limit ${BATCH_ROWS} for no key update)
    update media set card_key = null
    from ended where media.id = ended.id
    returning ended.card_key`.execute(trx);
  const galleries = await sql<{ card_key: string }>`
    with ended as (
      select code, card_key from shares
      where card_key is not null and not (${isOpen('shares')})
      order by code limit ${BATCH_ROWS} for no key update)
    update shares set card_key = null, card_of = null
    from ended where shares.code = ended.code
    returning ended.card_key`.execute(trx);
  return {
    keys: [...items.rows, ...galleries.rows].map(({ card_key }) => card_key),
    more: items.rows.length === BATCH_ROWS || galleries.rows.length === BATCH_ROWS,
  };
}
