import { sql } from 'kysely';
import type { Database } from '../db/client.ts';
import { selectMedia, type MediaRow } from '../media/media.repository.ts';
import type { ListSort } from '../media/media.schema.ts';
import type { Place } from './cursor.ts';
import type { ListWindow } from './list-window.ts';
import type { PagePlan } from './plan/page-plan.ts';
import type { RankedPage } from './search.repository.ts';

/** Orders that the ranked search does not have. */
export type SortedOrder = Exclude<ListSort, 'newest'>;

/** The requested part of a sorted list. */
export interface SortedWindow extends Omit<ListWindow, 'before'> {
  order: SortedOrder;
  /** The page starts after this place. */
  after: Place | null;
}

/**
 * Lists items in a chosen order: those that `plan` finds, or all. Few matches are looked up and
 * sorted; otherwise items are read in the order.
 */
export async function searchSorted(
  db: Database,
  window: SortedWindow,
  plan: PagePlan | null,
): Promise<RankedPage> {
  if (plan?.groups[0]?.lookUpAll === true) {
    const page = await readSorted(db, lookup(window, plan));
    if (page !== null) return page;
  }
  return (await readSorted(db, scan(window, plan))) ?? { rows: [], total: null, next: null };
}

const counts = ({ after }: SortedWindow) =>
  sql`${after?.counts?.[0] ?? 0}::int, ${after?.counts?.[1] ?? 0}::int`;
const range = (window: SortedWindow) =>
  sql`${window.span.bottom}::uuid, ${window.span.top}::uuid, ${window.after?.id ?? null}::uuid, ${counts(window)}, ${window.limit}::int`;

const lookup = (window: SortedWindow, plan: PagePlan) => sql<SortedResult>`(
  select l.*, null::uuid as next_item, null::integer as next_opens, null::integer as next_shares
  from search_sorted_lookup(${window.order}, ${plan.tiers[0]?.indexed}::tsquery,
    ${plan.tiers[0]?.query}::tsquery, ${range(window)}) with ordinality l (item, opens, shares, total, place))`;

const scan = (window: SortedWindow, plan: PagePlan | null) => sql<SortedResult>`(
  select s.*, null::integer as total
  from search_sorted_scan(${window.order}, ${plan?.tiers[0]?.query ?? null}::tsquery, ${range(window)})
    with ordinality s (item, opens, shares, next_item, next_opens, next_shares, place))`;

interface SortedResult {
  item: string | null;
  opens: number | null;
  shares: number | null;
  total: number | null;
  next_item: string | null;
  next_opens: number | null;
  next_shares: number | null;
  place: number;
}

/** Returns null if the lookup found too many matches. */
async function readSorted(db: Database, found: ReturnType<typeof scan>): Promise<RankedPage | null> {
  const rows = await selectMedia(db)
    .rightJoin(found.as('found'), (join) => join.onRef('found.item', '=', 'media.id'))
    .select(['found.total', 'found.next_item', 'found.next_opens', 'found.next_shares'])
    .select(['found.opens', 'found.shares'])
    .orderBy('found.place')
    .execute();
  const [first] = rows;
  if (first && first.id === null && first.next_item === null) return null;
  const next = first?.next_item ?? null;
  return {
    rows: rows
      .filter(isItem)
      .map((row) => ({ ...row, tier: 1, counts: [row.opens ?? 0, row.shares ?? 0] as const })),
    total: first?.total ?? null,
    next:
      next === null
        ? null
        : { id: next, tier: 1, counts: [first?.next_opens ?? 0, first?.next_shares ?? 0] as const },
  };
}

type Found = Omit<SortedResult, 'item' | 'place'>;
type FoundRow = { [Column in keyof MediaRow]: MediaRow[Column] | null } & Found;

/** Tells whether a result has an item. A page without a match has one result without an item. */
const isItem = (row: FoundRow): row is MediaRow & Found => row.id !== null;
