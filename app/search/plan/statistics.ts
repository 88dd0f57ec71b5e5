import { sql } from 'kysely';
import type { Database } from '../../db/client.ts';

/** Frequencies of indexed lexemes, as shares of all items, from the last ANALYZE. */
export interface Statistics {
  items: number;
  /**
   * Returns the share of items with this lexeme. Rare lexemes have no statistics and get a small
   * estimate.
   */
  share(lexeme: string): number;
  /** Returns the share of items with any lexeme of this prefix. */
  shareOfPrefix(start: string): number;
  /** Returns the share of items with an id in this range. */
  shareBetween(bottom: string, top: string): number;
}

/**
 * Age after which the statistics are read again, milliseconds. ANALYZE runs after a tenth of the
 * rows has changed.
 */
const MAX_AGE_MS = 60_000;

/**
 * Creates a reader of the statistics, which caches them for a minute.
 *
 * Planning with them saves the queries that a plan otherwise needs. PostgreSQL's own estimates take
 * a word with twenty rare forms for a common one.
 */
export function createStatistics(db: Database): () => Promise<Statistics> {
  let cached: Promise<Statistics> | null = null;
  let readAt = 0;
  return () => {
    if (cached === null || Date.now() - readAt > MAX_AGE_MS) {
      readAt = Date.now();
      const [before, fresh] = [cached, readStatistics(db)];
      // No search waits for newer figures. After a failed read, a later search tries again.
      cached = before ?? fresh;
      fresh.then(
        () => (cached = fresh),
        () => (cached = before),
      );
    }
    return cached;
  };
}

async function readStatistics(db: Database): Promise<Statistics> {
  // For a tsvector, the smallest and largest frequency follow the others:
  // https://github.com/postgres/postgres/blob/REL_18_STABLE/src/backend/tsearch/ts_typanalyze.c
  const { rows } = await sql<{
    items: number;
    lexemes: string[] | null;
    shares: number[] | null;
    ids: string[] | null;
  }>`
    select greatest(c.reltuples, 1)::float8 as items, t.most_common_elems::text::text[] as lexemes,
      t.most_common_elem_freqs::float8[] as shares, i.histogram_bounds::text::text[] as ids
    from pg_class c
    left join pg_stats t on t.schemaname = c.relnamespace::regnamespace::text and t.tablename = c.relname and t.attname = 'terms'
    left join pg_stats i on i.schemaname = t.schemaname and i.tablename = c.relname and i.attname = 'media_id'
    where c.oid = 'media_search'::regclass`.execute(db);
  const { items = 1, lexemes, shares, ids } = rows[0] ?? {};
  return statisticsOf(items, lexemes ?? [], shares ?? [], ids ?? []);
}

/**
 * Builds statistics from the raw figures.
 *
 * @param shares - in the order of the lexemes
 * @param ids - ascending; equal numbers of items lie between neighbours
 */
export function statisticsOf(
  items: number,
  lexemes: readonly string[],
  shares: readonly number[],
  ids: readonly string[],
): Statistics {
  const known = new Map(lexemes.map((lexeme, i) => [lexeme, shares[i] ?? 0]));
  const sorted = [...known].sort(([a], [b]) => (a < b ? -1 : 1));
  const rarestKnown = [...known.values()].reduce((a, b) => Math.min(a, b), known.size > 0 ? 1 : 0);
  // A word search uses about ten lexemes. Together they reach about the share of the rarest known
  // one.
  const rare = Math.max(1 / items, rarestKnown / 10);
  return {
    items,
    share: (lexeme) => known.get(lexeme) ?? rare,
    shareOfPrefix(start) {
      let without = 1;
      let [low, high] = [0, sorted.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((sorted[middle]?.[0] ?? '') < start) low = middle + 1;
        else high = middle;
      }
      for (const [lexeme, share] of sorted.slice(low)) {
        if (!lexeme.startsWith(start)) break;
        without *= 1 - share;
      }
      return Math.max(rare, 1 - without);
    },
    shareBetween(bottom, top) {
      if (ids.length === 0) return 1;
      return Math.max(1, ids.filter((id) => id >= bottom && id < top).length) / ids.length;
    },
  };
}
