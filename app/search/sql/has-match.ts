/** Tells whether any item outside the trash matches. It stops at the first one. */
export const searchHasMatch = String.raw`
create or replace function search_has_match(
  query tsquery
)
returns boolean language plpgsql stable
  set enable_seqscan = off
  set enable_indexscan = off
  set enable_indexonlyscan = off
  set jit = off
  set max_parallel_workers_per_gather = 0
  set plan_cache_mode = force_custom_plan
as $$
begin
  return exists (select from media_search s where s.terms @@ query and s.live);
end $$`;
