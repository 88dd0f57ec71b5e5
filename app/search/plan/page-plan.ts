import type { ListWindow } from '../list-window.ts';
import type { SearchPlan } from './plan-search.ts';
import { MAX_FULL_LOOKUP_MATCHES } from '../sql/settings.ts';
import type { Group, Tiers } from './ranking.ts';
import { allOf } from './tsquery.ts';

/**
 * The plan of one page, as `search_results` takes it (app/search/sql/results.ts). Conditions are
 * tsqueries as text.
 */
export interface PagePlan {
  groups: readonly {
    /** Last tier of the group, from 1. */
    lastTier: number;
    /** Whether few items match, so that all of them are looked up, then sorted into tiers. */
    lookUpAll: boolean;
    /** Conditions for the index: one to four. */
    conditions: readonly string[];
    /** Condition that is checked on the rows found. */
    rowCheck: string | null;
  }[];
  tiers: readonly {
    plain: string;
    query: string;
    indexed: string;
    /** Cost of the index lookup, in scanned rows; null if the index cannot help. */
    lookupCost: number | null;
    /** Estimated share of items that match, above 0. */
    share: number;
  }[];
  /** Whether to count groups for which the page has no room. */
  countAll: boolean;
  /** Lowest id, inclusive. */
  bottom: string;
  /** Highest id, exclusive. */
  top: string;
  /** Estimated number of items between them. */
  itemsInRange: number;
  /** First tier, from 1. `before` is a position in it, exclusive. */
  fromTier: number;
  before: string;
  /** Largest number of matches. */
  wanted: number;
}

/**
 * Largest number of rows read for a full lookup. Phrases read more rows than match, because their
 * word order is checked.
 */
const MAX_ROWS_FOR_FULL_LOOKUP = 10_000;
/** Largest number of index entries read only for an exact total. */
const MAX_ENTRIES_FOR_COUNT = 5000;
/** Cost of a gathered row and of an index entry, in scanned rows. */
const GATHERED_ROW_COST = 4;
const INDEX_ENTRY_COST = 0.1;
/** Smallest share of a tier. The plan divides by it. */
const MIN_SHARE = 1e-9;

/**
 * Plans one page of a search.
 *
 * @param fromTier - first tier, from 1; `page.before` is a position in it
 */
export function planPage(
  { tiers: plan, statistics, itemsInRange }: Pick<SearchPlan, 'tiers' | 'statistics' | 'itemsInRange'>,
  { span, before, limit }: ListWindow,
  fromTier: number,
): PagePlan {
  const { tiers, positive } = plan;
  const { items } = statistics;
  const groups = groupsFor(plan, items, limit);
  const furtherReads = groups.slice(1).flatMap(({ candidates }) => candidates.map(({ read }) => read));
  return {
    groups: groups.map(({ last, wide, candidates, rest }) => ({
      lastTier: last,
      lookUpAll:
        positive &&
        wide.share * itemsInRange <= MAX_FULL_LOOKUP_MATCHES &&
        allOf(candidates).looked * items <= MAX_ROWS_FOR_FULL_LOOKUP,
      conditions: candidates.map(({ text }) => text),
      rowCheck: rest.length === 0 ? null : allOf(rest).text,
    })),
    tiers: tiers.map(({ plain, query, indexed }) => ({
      plain: plain.text,
      query: query.text,
      indexed: indexed.text,
      lookupCost: positive
        ? (indexed.looked * GATHERED_ROW_COST + indexed.read * INDEX_ENTRY_COST) * items
        : null,
      share: Math.max(query.share, MIN_SHARE),
    })),
    countAll:
      before === null && furtherReads.reduce((all, read) => all + read, 0) * items <= MAX_ENTRIES_FOR_COUNT,
    ...span,
    itemsInRange,
    fromTier,
    before: before ?? span.top,
    wanted: limit,
  };
}

/**
 * Selects the lookups. If whole words will not fill the page, one prefix lookup serves both,
 * because it includes their matches.
 */
const groupsFor = ({ groups, together }: Tiers, items: number, limit: number): readonly Group[] =>
  (groups[0]?.wide.share ?? 0) * items >= limit ? groups : [together];
