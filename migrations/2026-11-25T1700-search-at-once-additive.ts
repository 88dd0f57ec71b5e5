import { sql, type Kysely } from 'kysely';

/**
 * One statement for a page of a search. How common its parts are is known by who asks (app/search/plan/statistics.ts), which spares
 * two plans in each of six tiers; what few items match is looked up once and then sorted into the tiers.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(find).execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop function search_find`.execute(db);
}

// As on the other functions of the search, see 2026-11-24T0300. The bitmap of what many items have is larger than the usual
// 4 MB, and a coarser one would have every item of a page checked.
const settings = `set enable_seqscan = off set jit = off set max_parallel_workers_per_gather = 0
  set plan_cache_mode = force_custom_plan set work_mem = '16MB'`;

// "wide" is what every match satisfies and "candidates" (four at most) the parts of it that the index looks up: apart, for it
// intersects the lists of several conditions faster than those within one. Of each tier: "plain" without
// what excludes the better ones, "indexed" and "queries" as in search_page, "looked" and "shares" the fractions of all items
// these probably find; "looked" is null where there is nothing to look up, and then the newest items are walked through. A page
// reads a bounded number of rows: where it is not full by then, a last row with total -1 is no match, but where to go on.
const find = `create function search_find(at_once boolean, candidates tsquery[], wide tsquery, plain tsquery[], indexed tsquery[],
    queries tsquery[], looked double precision[], shares double precision[], from_tier integer, bottom uuid, top uuid, below uuid,
    wanted integer)
  returns table (item uuid, tier integer, total integer) language plpgsql stable rows 31 ${settings} as $$
  declare
    few constant integer := 2000;
    walked constant integer := 25000;
    gathered constant integer := 25000;
    walk_only boolean;
    first tsquery := candidates[1];
    second tsquery := candidates[2];
    third tsquery := candidates[3];
    fourth tsquery := candidates[4];
    items double precision := (select greatest(reltuples, 1) from pg_class where oid = 'media_search'::regclass);
    ids uuid[];
    tiers integer[];
    missing integer := wanted;
    got integer;
    upper_bound uuid;
    reach double precision;
  begin
    if at_once then
      select array_agg(f.id), array_agg(f.nth) into ids, tiers from (
        select s.media_id as id, case when s.terms @@ plain[1] then 1 when s.terms @@ plain[2] then 2
          when s.terms @@ plain[3] then 3 when s.terms @@ plain[4] then 4 when s.terms @@ plain[5] then 5
          else array_length(queries, 1) end as nth
        from media_search s
        where s.terms @@ first and (second is null or s.terms @@ second) and (third is null or s.terms @@ third)
          and (fourth is null or s.terms @@ fourth) and (first = wide or s.terms @@ wide)
          and s.live and s.media_id >= bottom and s.media_id < top
        limit few + 1) f;
      if coalesce(array_length(ids, 1), 0) <= few then
        return query select f.id, f.nth, array_length(ids, 1) from unnest(ids, tiers) f (id, nth)
          where f.nth > from_tier or (f.nth = from_tier and f.id < below)
          order by f.nth, f.id desc limit wanted;
        return;
      end if;
    end if;
    for k in from_tier..array_length(queries, 1) loop
      upper_bound := case when k = from_tier then least(below, top) else top end;
      reach := missing / shares[k];
      walk_only := looked[k] is null or looked[k] * items > gathered;
      if walk_only or reach * 0.4 < looked[k] * items then
        -- A wrong guess costs little: the walk ends at three times what it should take, and the rest is gathered.
        reach := least(walked, greatest(500, 3 * reach));
        return query select w, k, null::integer from search_walk(queries[k], bottom, upper_bound, reach::integer, missing) w;
        get diagnostics got = row_count;
        missing := missing - got;
        exit when missing = 0;
        upper_bound := (select m from (
          select s.media_id as m from media_search s where s.media_id >= bottom and s.media_id < upper_bound
          order by s.media_id desc limit reach::integer) w order by m limit 1);
        continue when upper_bound is null;
        if walk_only then
          -- Too many to gather, and rarer than they should be: the next page goes on from here.
          return query select upper_bound, k, -1;
          return;
        end if;
      end if;
      return query select g, k, null::integer from search_gather(indexed[k], queries[k], bottom, upper_bound, missing) g;
      get diagnostics got = row_count;
      missing := missing - got;
      exit when missing = 0;
    end loop;
  end $$`;
