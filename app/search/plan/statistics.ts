import { sql } from 'kysely';
import type { Database } from '../../db/client.ts';

/** How common the lexemes of the index are, as fractions of all items: what ANALYZE last found. */
export interface Statistics {
  items: number;
  /** Of items with this lexeme; a small guess for the thousands of lexemes too rare to be counted. */
  share(lexeme: string): number;
  /** Of items with any lexeme that begins so. */
  shareOfPrefix(start: string): number;
  /** Of items with an id in this span. */
  shareBetween(bottom: string, top: string): number;
}

/** Counted anew this often at most; ANALYZE runs after a tenth of the rows has changed. */
const MAX_AGE_MS = 60_000;

/**
 * Reads the statistics and keeps them for a minute. Planning by them here spares every search the plans it would otherwise
 * ask for, and PostgreSQL's own guesses, which take a word with twenty rare forms for a common one.
 */
export function createStatistics(db: Database): () => Promise<Statistics> {
  let cached: Promise<Statistics> | null = null;
  let readAt = 0;
  return () => {
    if (cached === null || Date.now() - readAt > MAX_AGE_MS) {
      readAt = Date.now();
      const [before, fresh] = [cached, readStatistics(db)];
      // Nobody waits for newer figures; those that cannot be read are asked for again by the next search.
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
  // For a tsvector the frequencies end with their smallest and largest:
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
 * @param shares in the order of the lexemes
 * @param ids with equally many items between one and the next, ascending
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
  // A word is looked for by some ten lexemes: together they come to about the rarest that is known.
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
