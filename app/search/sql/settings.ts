/**
 * Largest number of matches for one full lookup, which is then sorted. A plan with more is not
 * looked up, and the functions stop beyond it.
 */
export const MAX_FULL_LOOKUP_MATCHES = 4000;
/** Largest number of rows that a page scans in the order of the list. */
export const MAX_SCANNED_ROWS = 25_000;

/**
 * Settings of the functions that search. PostgreSQL plans their statements once per connection,
 * so a plan must fit every search (docs/decisions/0052).
 *
 * The work memory holds the bitmap of a common lexeme exactly. A coarser bitmap makes PostgreSQL
 * check every item of a page. Settings on functions work through any pooler.
 */
const SEARCH_SETTINGS = `
  set enable_seqscan = off
  set jit = off
  set max_parallel_workers_per_gather = 0
  set plan_cache_mode = force_generic_plan
  set work_mem = '16MB'`;

/** Settings of a function that reads ids in order. */
export const BY_ID = `${SEARCH_SETTINGS}
  set enable_bitmapscan = off
  set enable_sort = off
  set enable_indexscan = on
  set enable_indexonlyscan = on`;

/**
 * Settings of a function that looks words up in an inverted index. One function calls another, so
 * each states all of them.
 */
export const BY_WORD = `${SEARCH_SETTINGS}
  set enable_bitmapscan = on
  set enable_sort = on
  set enable_indexscan = off
  set enable_indexonlyscan = off`;
