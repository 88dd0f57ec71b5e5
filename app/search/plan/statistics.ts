import type { Database } from '../../db/client.ts';
import { readColumnStatistics } from './statistics.repository.ts';

/** Frequencies of indexed lexemes, as shares of all items, from the last ANALYZE. */
export interface Statistics {
  items: number;
  /**
   * Returns the share of items with this lexeme. Rare lexemes have no statistics and get a small
   * estimate.
   */
  share(lexeme: string): number;
  /** Tells whether the statistics have this lexeme, because it is common. */
  knows(lexeme: string): boolean;
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
  const { items, lexemes, shares, ids } = await readColumnStatistics(db);
  return statisticsOf(items, lexemes, shares, ids);
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
    knows: (lexeme) => known.has(lexeme),
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
