import { sql } from 'kysely';
import type { Database } from '../db/client.ts';
import { selectMedia } from '../media/media.repository.ts';
import type { Place } from './cursor.ts';
import type { Span } from './list-window.ts';
import type { RankedPage } from './search.repository.ts';

/** The requested part of a collection in its order by hand. */
export interface CollectedWindow {
  collectionId: string;
  /** Condition that all items match, as a tsquery. */
  query: string;
  span: Span;
  /** The page starts after this place. */
  after: Place | null;
  limit: number;
}

/**
 * Lists items of a collection in its order by hand. A collection has a bounded number of items, so
 * a page reads a bounded number of rows. The first page has the number of all of them.
 */
export async function searchCollected(
  db: Database,
  { collectionId, query, span, after, limit }: CollectedWindow,
): Promise<RankedPage> {
  const matching = sql`
    from collection_items c join media_search s on s.media_id = c.media_id
    where c.collection_id = ${collectionId}::uuid and s.live and s.terms @@ ${query}::tsquery
      and s.media_id >= ${span.bottom}::uuid and s.media_id < ${span.top}::uuid`;
  const behind =
    after?.place === undefined
      ? sql``
      : sql`and (c.place, c.media_id) > (${after.place}::numeric, ${after.id}::uuid)`;
  const found = sql<{ item: string; place: string; nth: number }>`(
    select f.media_id as item, trim_scale(f.place)::text as place, row_number() over () as nth
    from (select c.media_id, c.place ${matching} ${behind}
      order by c.place, c.media_id limit ${limit}) as f)`;
  const [rows, total] = await Promise.all([
    selectMedia(db)
      .innerJoin(found.as('found'), (join) => join.onRef('found.item', '=', 'media.id'))
      .select('found.place')
      .orderBy('found.nth')
      .execute(),
    after === null ? sql<{ total: number }>`select count(*)::integer as total ${matching}`.execute(db) : null,
  ]);
  return {
    rows: rows.map((row) => ({ ...row, tier: 1 })),
    total: total?.rows[0]?.total ?? null,
    next: null,
  };
}
