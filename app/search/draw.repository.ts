import { sql } from 'kysely';
import type { Database } from '../db/client.ts';
import type { Span } from './list-window.ts';
import type { PagePlan } from './plan/page-plan.ts';
import { MAX_FULL_LOOKUP_MATCHES, MAX_SCANNED_ROWS } from './sql/settings.ts';

/** An item and its lot: a random number from 0 to 1 that it has for good. */
export interface Lot {
  id: string;
  lot: number;
}

/** Items to draw from: those of a range of ids that match a tsquery; null for no condition. */
export interface DrawnFrom {
  span: Span;
  query: string | null;
}

/** A part of the items in the order of their lots. */
export interface LotWindow extends DrawnFrom {
  /** Lowest lot; `above` leaves it out. */
  from: number;
  above: boolean;
  /** Highest lot, left out. */
  to: number;
  limit: number;
}

/**
 * Reads items in the order of their lots, from a bounded number of rows. Without enough matches in
 * them, `next` is the lot after which to go on.
 */
export async function scanLots(db: Database, window: LotWindow) {
  const { span, query, from, above, to, limit } = window;
  const rows = sql`from media_search
    where live and lot < ${to} and ${above ? sql`lot > ${from}` : sql`lot >= ${from}`} order by lot`;
  const found = await sql<Lot>`
    select media_id as id, lot from (select media_id, lot, terms ${rows} limit ${MAX_SCANNED_ROWS}) w
    where media_id >= ${span.bottom}::uuid and media_id < ${span.top}::uuid and ${matches(query)}
    limit ${limit}`.execute(db);
  if (found.rows.length >= limit) return { found: found.rows, next: null };
  const last = await sql<{ lot: number }>`select lot ${rows} offset ${MAX_SCANNED_ROWS - 1} limit 1`.execute(
    db,
  );
  return { found: found.rows, next: last.rows[0]?.lot ?? null };
}

/** Looks up all matches of a rare query. Returns null if they are too many. */
export async function lookUpLots(db: Database, plan: PagePlan): Promise<Lot[] | null> {
  const { rows } = await sql<{ id: string | null; lot: number | null }>`
    select l.item as id, s.lot
    from search_sorted_lookup('oldest', ${plan.tiers[0]?.indexed}::tsquery, ${plan.tiers[0]?.query}::tsquery,
      ${plan.bottom}::uuid, ${plan.top}::uuid, null, 0, 0, ${MAX_FULL_LOOKUP_MATCHES}) l
    left join media_search s on s.media_id = l.item`.execute(db);
  if (rows.some(({ id }) => id === null)) return null;
  return rows.flatMap(({ id, lot }) => (id === null || lot === null ? [] : [{ id, lot }]));
}

/** Reads all matches in a narrow range of ids. Returns null if the range has too many items. */
export async function lotsInRange(db: Database, { span, query }: DrawnFrom): Promise<Lot[] | null> {
  const { rows } = await sql<Lot & { is: boolean }>`
    select media_id as id, lot, live and ${matches(query)} as is from media_search w
    where media_id >= ${span.bottom}::uuid and media_id < ${span.top}::uuid
    order by media_id limit ${MAX_FULL_LOOKUP_MATCHES + 1}`.execute(db);
  return rows.length > MAX_FULL_LOOKUP_MATCHES ? null : rows.filter(({ is }) => is);
}

const matches = (query: string | null) => (query === null ? sql`true` : sql`w.terms @@ ${query}::tsquery`);
