import { sql } from 'kysely';
import type { Database } from '../../db/client.ts';

/** The statistics of ANALYZE about the search index. */
export interface ColumnStatistics {
  /** Estimated number of rows, at least 1. */
  items: number;
  lexemes: readonly string[];
  /** Fractions of all rows, in the order of the lexemes, then the smallest and the largest one. */
  shares: readonly number[];
  /** Bounds of the histogram of ids: equally many rows lie between one and the next. */
  ids: readonly string[];
}

/**
 * Reads the statistics of `media_search`. Before the first ANALYZE the lists are empty.
 *
 * For a tsvector, the smallest and largest frequency end the list of frequencies:
 * https://github.com/postgres/postgres/blob/REL_18_STABLE/src/backend/tsearch/ts_typanalyze.c
 */
export async function readColumnStatistics(db: Database): Promise<ColumnStatistics> {
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
  return { items, lexemes: lexemes ?? [], shares: shares ?? [], ids: ids ?? [] };
}
