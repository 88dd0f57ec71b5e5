import { sql, type Kysely } from 'kysely';

/**
 * The planner takes a prefix it has no statistics on for half a percent of all rows, and the three spellings of one for one and
 * a half: every rare or unknown word was walked to for nothing. That little is now taken for "few".
 * https://github.com/postgres/postgres/blob/REL_18_STABLE/src/backend/tsearch/ts_selfuncs.c (DEFAULT_TS_MATCH_SEL)
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `create or replace function search_estimate(query tsquery) returns double precision language plpgsql volatile ${settings} as $$
    declare
      plan json;
      estimated float8;
    begin
      execute format('explain (format json) select from media_search where terms @@ %L::tsquery', query::text) into plan;
      estimated := (plan -> 0 -> 'Plan' ->> 'Plan Rows')::float8;
      if query::text like '%:*%' and estimated <=
        0.016 * (select greatest(reltuples, 1) from pg_class where oid = 'media_search'::regclass) then
        return least(estimated, 100);
      end if;
      return estimated;
    end $$`,
    )
    .execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `create or replace function search_estimate(query tsquery) returns double precision language plpgsql volatile ${settings} as $$
    declare plan json;
    begin
      execute format('explain (format json) select from media_search where terms @@ %L::tsquery', query::text) into plan;
      return (plan -> 0 -> 'Plan' ->> 'Plan Rows')::float8;
    end $$`,
    )
    .execute(db);
}

const settings = `set enable_seqscan = off set jit = off set max_parallel_workers_per_gather = 0
  set plan_cache_mode = force_custom_plan`;
