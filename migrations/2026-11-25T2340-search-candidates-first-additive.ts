import { sql, type Kysely } from 'kysely';

/**
 * `search_ranked` as it was meant: of every index condition on one column PostgreSQL makes a lookup, so what was to be checked on the
 * rows (the whole of a search of many words) was looked up too, which took most of the time of five common words. Here candidates
 * are found first and the rest is asked of their rows. Six tiers may be one group now: where the words themselves will not fill the page,
 * one lookup does for them and for the unfinished one. `search_ranked` stays for older releases.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(candidates).execute(db);
  await sql.raw(best).execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop function search_candidates, search_best`.execute(db);
}

// As on the other functions of the search, see 2026-11-24T0300. The bitmap of what many items have is larger than the usual
// 4 MB, and a coarser one would have every item of a page checked.
const settings = `set enable_seqscan = off set jit = off set max_parallel_workers_per_gather = 0
  set plan_cache_mode = force_custom_plan set work_mem = '16MB'`;

// As search_gather, but what only "query" asks for is not looked up: no bitmap of it, and no walk of the primary key instead.
const candidates = `create function search_candidates(indexed tsquery, query tsquery, bottom uuid, top uuid, wanted integer)
  returns setof uuid language plpgsql stable ${settings} set enable_indexscan = off set enable_indexonlyscan = off as $$
  begin
    return query select c.media_id from (
      select s.media_id, s.terms from media_search s
      where s.terms @@ indexed and s.live and s.media_id >= bottom and s.media_id < top offset 0) c
    where indexed = query or c.terms @@ query
    order by c.media_id desc limit wanted;
  end $$`;

// Of each group: "lasts" is its last tier, "at_once" whether it has few matches, "wides" what every match satisfies and
// "candidates" (four places a group, null where there are fewer) the parts of it that the index looks up: apart, for it intersects the
// lists of several conditions faster than those within one. Of each tier: "plain" without what excludes the better ones,
// "indexed" and "queries" as in search_page, "gathering" what a gather costs in rows walked through (null where there is nothing to look
// up), "shares" the fraction of all items that probably match. "count_all": also count a group the page has no more room for.
// "total" is null where a group was not counted. A page reads a bounded number of rows: where it is not full by then, a last row with
// total -1 is no match, but where to go on.
const best = `create function search_best(lasts integer[], at_once boolean[], count_all boolean, candidates tsquery[], wides tsquery[],
    plain tsquery[], indexed tsquery[], queries tsquery[], gathering double precision[], shares double precision[],
    from_tier integer, bottom uuid, top uuid, below uuid, wanted integer)
  returns table (item uuid, tier integer, total integer) language plpgsql stable rows 31 ${settings} as $$
  declare
    few constant integer := 4000;
    walked constant integer := 25000;
    gathered constant integer := 60000;
    first tsquery;
    second tsquery;
    third tsquery;
    fourth tsquery;
    wide tsquery;
    lo integer;
    hi integer := 0;
    ids uuid[];
    tiers integer[];
    found_ids uuid[] := '{}';
    found_tiers integer[] := '{}';
    counted integer := 0;
    missing integer := wanted;
    upper_bound uuid;
    goes_on uuid;
    goes_on_in integer;
    reach double precision;
    walk_only boolean;
  begin
    <<groups>>
    for g in 1..array_length(lasts, 1) loop
      lo := hi + 1;
      hi := lasts[g];
      if hi < from_tier then
        counted := null;
        continue;
      end if;
      if at_once[g] then
        first := candidates[4 * g - 3];
        second := candidates[4 * g - 2];
        third := candidates[4 * g - 1];
        fourth := candidates[4 * g];
        wide := wides[g];
        select array_agg(f.id), array_agg(f.nth) into ids, tiers from (
          select c.id, case
            when hi = lo then lo
            when hi = lo + 1 then case when c.terms @@ plain[lo] then lo else hi end
            when hi > lo + 3 and not c.terms @@ plain[lo + 3] then case when c.terms @@ plain[lo + 4] then lo + 4 else hi end
            when c.terms @@ plain[lo + 1] then case when c.terms @@ plain[lo] then lo else lo + 1 end
            else case when c.terms @@ plain[lo + 2] then lo + 2 else lo + 3 end end as nth
          from (
            -- "offset 0" keeps the condition outside from being looked up as well.
            select s.media_id as id, s.terms from media_search s
            where s.terms @@ first and (second is null or s.terms @@ second) and (third is null or s.terms @@ third)
              and (fourth is null or s.terms @@ fourth)
              and s.live and s.media_id >= bottom and s.media_id < top offset 0) c
          where first = wide or c.terms @@ wide
          limit few + 1) f;
        if coalesce(array_length(ids, 1), 0) <= few then
          counted := counted + coalesce(array_length(ids, 1), 0);
          select found_ids || coalesce(array_agg(f.id), '{}'), found_tiers || coalesce(array_agg(f.nth), '{}')
            into found_ids, found_tiers from (
            select u.id, u.nth from unnest(ids, tiers) u (id, nth)
            where u.nth > from_tier or (u.nth = from_tier and u.id < below)
            order by u.nth, u.id desc limit missing) f;
          missing := wanted - coalesce(array_length(found_ids, 1), 0);
          exit groups when missing = 0 and not (count_all and counted is not null);
          continue groups;
        end if;
      end if;
      counted := null;
      exit groups when missing = 0;
      for k in greatest(lo, from_tier)..hi loop
        upper_bound := case when k = from_tier then least(below, top) else top end;
        reach := missing / shares[k];
        walk_only := gathering[k] is null or gathering[k] > gathered;
        if walk_only or reach < gathering[k] then
          -- A wrong guess costs little: the walk ends at three times what it should take, or half of what gathering does.
          reach := least(walked, greatest(500, 3 * reach, gathering[k] / 2));
          select array_agg(w) into ids from search_walk(queries[k], bottom, upper_bound, reach::integer, missing) w;
          if ids is not null then
            found_ids := found_ids || ids;
            found_tiers := found_tiers || array_fill(k, array[array_length(ids, 1)]);
            missing := missing - array_length(ids, 1);
            exit groups when missing = 0;
          end if;
          upper_bound := (select m from (
            select s.media_id as m from media_search s where s.media_id >= bottom and s.media_id < upper_bound
            order by s.media_id desc limit reach::integer) w order by m limit 1);
          continue when upper_bound is null;
          if walk_only then
            -- Too many to gather, and rarer than they should be: the next page goes on from here.
            goes_on := upper_bound;
            goes_on_in := k;
            exit groups;
          end if;
        end if;
        select array_agg(f) into ids from search_candidates(indexed[k], queries[k], bottom, upper_bound, missing) f;
        if ids is not null then
          found_ids := found_ids || ids;
          found_tiers := found_tiers || array_fill(k, array[array_length(ids, 1)]);
          missing := missing - array_length(ids, 1);
          exit groups when missing = 0;
        end if;
      end loop;
    end loop;
    -- Only if the last group was reached is it known how many there are.
    if hi < lasts[array_length(lasts, 1)] then counted := null; end if;
    return query select u.id, u.nth, counted from unnest(found_ids, found_tiers) u (id, nth);
    if goes_on is not null then
      return query select goes_on, goes_on_in, -1;
    end if;
  end $$`;
