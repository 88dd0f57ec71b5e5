import { sql } from 'kysely';
import type { Database } from '../db/client.ts';
import { currentSnapshot } from '../db/snapshot-cache.ts';
import { findMediaByIds, selectMedia, type MediaRow } from '../media/media.repository.ts';
import type { Place } from './cursor.ts';
import type { ListWindow, Span } from './list-window.ts';
import type { PagePlan } from './plan/page-plan.ts';

/** Lists items newest first, without the trash. Each row has the snapshot of its read. */
export function listNewest(db: Database, { span, before, limit }: ListWindow) {
  return selectMedia(db)
    .select(currentSnapshot.as('snapshot'))
    .where('media.deleted_at', 'is', null)
    .where('media.id', '>=', span.bottom)
    .where('media.id', '<', before !== null && before < span.top ? before : span.top)
    .orderBy('media.id', 'desc')
    .limit(limit)
    .execute();
}

/** Lists the trash, newest first. With `ownerId`, only one user's items. */
export function listTrash(
  db: Database,
  ownerId: string | null,
  page: Omit<ListWindow, 'span'>,
): Promise<MediaRow[]> {
  return selectMedia(db)
    .where('media.deleted_at', 'is not', null)
    .$if(ownerId !== null, (query) => query.where('media.owner_id', '=', ownerId))
    .$if(page.before !== null, (query) => query.where('media.id', '<', page.before))
    .orderBy('media.id', 'desc')
    .limit(page.limit)
    .execute();
}

/**
 * Lists the newest items of each range, without the trash, newest first. It reads only the
 * beginning of each range in the index of ids.
 */
export async function listSpans(db: Database, spans: readonly Span[], perSpan: number): Promise<MediaRow[]> {
  const { rows } = await sql<{ id: string }>`
    select found.id
    from unnest(${spans.map(({ bottom }) => bottom)}::uuid[], ${spans.map(({ top }) => top)}::uuid[])
        as span (bottom, top),
      lateral (select id from media
        where deleted_at is null and id >= span.bottom and id < span.top
        order by id desc limit ${perSpan}) as found`.execute(db);
  return findMediaByIds(
    db,
    rows.map(({ id }) => id),
  );
}

/** A match of a search, with its tier from 1, and its counts in a list of the most shared. */
export type RankedRow = MediaRow & Omit<Place, 'id'>;

/** A page of a search. */
export interface RankedPage {
  rows: RankedRow[];
  /** The number of matches; null if they were not counted. */
  total: number | null;
  /**
   * Start of the next page, if this one ended early, after enough read rows. Null if no further
   * match exists, or the page is full.
   */
  next: Place | null;
}

/** Reads one page of a search, best tier first, newest first within a tier. */
export async function searchRanked(db: Database, plan: PagePlan): Promise<RankedPage> {
  const rows = await rankedPage(db, plan).execute();
  const { total = null, next_item: id = null, next_tier: tier = null } = rows[0] ?? {};
  return { rows: rows.filter(isMatch), total, next: id === null || tier === null ? null : { id, tier } };
}

type Found = { total: number | null; next_item: string | null; next_tier: number | null };
type RankedResult = { [Column in keyof MediaRow]: MediaRow[Column] | null } & { tier: number | null } & Found;

/** Tells whether a result has an item. A page without a match has one result without an item. */
const isMatch = (row: RankedResult): row is RankedRow & Found => row.id !== null;

/** Builds the statement of {@link searchRanked}. A test inspects its plan. */
export function rankedPage(db: Database, plan: PagePlan) {
  const found = sql<{
    item: string | null;
    tier: number | null;
    total: number | null;
    next_item: string | null;
    next_tier: number | null;
  }>`search_results(${JSON.stringify(plan)}::jsonb)`;
  return selectMedia(db)
    .rightJoin(found.as('found'), (join) => join.onRef('found.item', '=', 'media.id'))
    .select(['found.tier', 'found.total', 'found.next_item', 'found.next_tier'])
    .orderBy('found.tier')
    .orderBy('media.id', 'desc');
}
