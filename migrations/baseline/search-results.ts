/** The baseline's `search_results`. Migration 2026-11-30T1040 replaced it. */
export const searchResults = `
create or replace function search_results(
  -- The plan of the page (PagePlan in app/search/plan/page-plan.ts):
  --   groups        tiers that share an index lookup, best first; each has:
  --     lastTier      its last tier, from 1; it starts after the previous group
  --     lookUpAll     whether it has few matches: all are looked up, then sorted into tiers
  --     conditions    one to four tsqueries that the index intersects
  --     rowCheck      a tsquery that is checked on the rows found, or null
  --   tiers         best first; each has:
  --     plain         a tsquery without the exclusion of better tiers
  --     query         a tsquery of its matches
  --     indexed       a tsquery for the index; it may leave out expensive parts of query
  --     lookupCost    cost of its index lookup, in scanned rows; null if the index cannot help
  --     share         estimated fraction of all items that match, above 0
  --   countAll      whether to count groups for which the page has no room
  --   bottom        lowest id, inclusive
  --   top           highest id, exclusive
  --   itemsInRange  estimated number of items between them
  --   fromTier      first tier of the page, from 1
  --   before        highest id in the first tier, exclusive
  --   wanted        largest number of matches
  plan jsonb
)
returns table (item uuid, tier integer, total integer, next_item uuid, next_tier integer)
language plpgsql stable rows 31 
  set enable_seqscan = off
  set jit = off
  set max_parallel_workers_per_gather = 0
  set plan_cache_mode = force_generic_plan
  set work_mem = '16MB'
  set enable_bitmapscan = on
  set enable_sort = on
  set enable_indexscan = off
  set enable_indexonlyscan = off
as $$
declare
  max_full_lookup_matches constant integer := 4000;
  max_scanned_rows constant integer := 25000;
  max_lookup_cost constant integer := 60000;
  plan_groups constant jsonb := plan -> 'groups';
  plan_tiers constant jsonb := plan -> 'tiers';
  count_all constant boolean := plan ->> 'countAll';
  bottom constant uuid := plan ->> 'bottom';
  top constant uuid := plan ->> 'top';
  items_in_range constant double precision := plan ->> 'itemsInRange';
  from_tier constant integer := plan ->> 'fromTier';
  before constant uuid := plan ->> 'before';
  wanted constant integer := plan ->> 'wanted';
  one_group jsonb;
  one_tier jsonb;
  condition_1 tsquery;
  condition_2 tsquery;
  condition_3 tsquery;
  condition_4 tsquery;
  row_check tsquery;
  plain_1 tsquery;
  plain_2 tsquery;
  plain_3 tsquery;
  plain_4 tsquery;
  plain_5 tsquery;
  tier_query tsquery;
  lookup_cost double precision;
  lo integer;
  hi integer := 0;
  ids uuid[];
  tiers integer[];
  found_ids uuid[] := '{}';
  found_tiers integer[] := '{}';
  counted integer := 0;
  missing integer := wanted;
  upper_bound uuid;
  reach double precision;
  scan_only boolean;
begin
  <<groups>>
  for g in 0..jsonb_array_length(plan_groups) - 1 loop
    one_group := plan_groups -> g;
    lo := hi + 1;
    hi := one_group ->> 'lastTier';
    if hi < from_tier then
      counted := null;
      continue;
    end if;

    if (one_group ->> 'lookUpAll')::boolean then
      condition_1 := one_group -> 'conditions' ->> 0;
      condition_2 := one_group -> 'conditions' ->> 1;
      condition_3 := one_group -> 'conditions' ->> 2;
      condition_4 := one_group -> 'conditions' ->> 3;
      row_check := one_group ->> 'rowCheck';
      plain_1 := plan_tiers -> (lo - 1) ->> 'plain';
      plain_2 := plan_tiers -> lo ->> 'plain';
      plain_3 := plan_tiers -> (lo + 1) ->> 'plain';
      plain_4 := plan_tiers -> (lo + 2) ->> 'plain';
      plain_5 := plan_tiers -> (lo + 3) ->> 'plain';
      if condition_2 is null then 
        select array_agg(f.id), array_agg(f.nth) into ids, tiers from (
          select c.id, lo + case
            when hi = lo then 0
            when hi = lo + 1 then case when c.terms @@ plain_1 then 0 else 1 end
            when hi > lo + 3 and not c.terms @@ plain_4 then
              case when c.terms @@ plain_5 then 4 else 5 end
            when c.terms @@ plain_2 then case when c.terms @@ plain_1 then 0 else 1 end
            else case when c.terms @@ plain_3 then 2 else 3 end end as nth
          from (
            select s.media_id as id, s.live, s.terms from media_search s
            where s.terms @@ condition_1
            offset 0) c
          where c.live and c.id >= bottom and c.id < top
            and (row_check is null or c.terms @@ row_check)
          limit max_full_lookup_matches + 1) f;
      elsif condition_3 is null then 
        select array_agg(f.id), array_agg(f.nth) into ids, tiers from (
          select c.id, lo + case
            when hi = lo then 0
            when hi = lo + 1 then case when c.terms @@ plain_1 then 0 else 1 end
            when hi > lo + 3 and not c.terms @@ plain_4 then
              case when c.terms @@ plain_5 then 4 else 5 end
            when c.terms @@ plain_2 then case when c.terms @@ plain_1 then 0 else 1 end
            else case when c.terms @@ plain_3 then 2 else 3 end end as nth
          from (
            select s.media_id as id, s.live, s.terms from media_search s
            where s.terms @@ condition_1 and s.terms @@ condition_2
            offset 0) c
          where c.live and c.id >= bottom and c.id < top
            and (row_check is null or c.terms @@ row_check)
          limit max_full_lookup_matches + 1) f;
      elsif condition_4 is null then 
        select array_agg(f.id), array_agg(f.nth) into ids, tiers from (
          select c.id, lo + case
            when hi = lo then 0
            when hi = lo + 1 then case when c.terms @@ plain_1 then 0 else 1 end
            when hi > lo + 3 and not c.terms @@ plain_4 then
              case when c.terms @@ plain_5 then 4 else 5 end
            when c.terms @@ plain_2 then case when c.terms @@ plain_1 then 0 else 1 end
            else case when c.terms @@ plain_3 then 2 else 3 end end as nth
          from (
            select s.media_id as id, s.live, s.terms from media_search s
            where s.terms @@ condition_1 and s.terms @@ condition_2 and s.terms @@ condition_3
            offset 0) c
          where c.live and c.id >= bottom and c.id < top
            and (row_check is null or c.terms @@ row_check)
          limit max_full_lookup_matches + 1) f;
      else 
        select array_agg(f.id), array_agg(f.nth) into ids, tiers from (
          select c.id, lo + case
            when hi = lo then 0
            when hi = lo + 1 then case when c.terms @@ plain_1 then 0 else 1 end
            when hi > lo + 3 and not c.terms @@ plain_4 then
              case when c.terms @@ plain_5 then 4 else 5 end
            when c.terms @@ plain_2 then case when c.terms @@ plain_1 then 0 else 1 end
            else case when c.terms @@ plain_3 then 2 else 3 end end as nth
          from (
            select s.media_id as id, s.live, s.terms from media_search s
            where s.terms @@ condition_1 and s.terms @@ condition_2 and s.terms @@ condition_3 and s.terms @@ condition_4
            offset 0) c
          where c.live and c.id >= bottom and c.id < top
            and (row_check is null or c.terms @@ row_check)
          limit max_full_lookup_matches + 1) f;
      end if;
      if coalesce(array_length(ids, 1), 0) <= max_full_lookup_matches then
        counted := counted + coalesce(array_length(ids, 1), 0);
        if ids is not null then
          select found_ids || coalesce(array_agg(f.id), '{}'),
            found_tiers || coalesce(array_agg(f.nth), '{}')
            into found_ids, found_tiers
          from (
            select u.id, u.nth from unnest(ids, tiers) u (id, nth)
            where u.nth > from_tier or (u.nth = from_tier and u.id < before)
            order by u.nth, u.id desc limit missing) f;
          missing := wanted - coalesce(array_length(found_ids, 1), 0);
        end if;
        exit groups when missing = 0 and not (count_all and counted is not null);
        continue groups;
      end if;
    end if;

    -- Many matches: tier by tier, without a count.
    counted := null;
    exit groups when missing = 0;
    for k in greatest(lo, from_tier)..hi loop
      one_tier := plan_tiers -> (k - 1);
      tier_query := one_tier ->> 'query';
      lookup_cost := one_tier ->> 'lookupCost';
      upper_bound := case when k = from_tier then least(before, top) else top end;
      reach := least(missing / (one_tier ->> 'share')::double precision, items_in_range);
      scan_only := lookup_cost is null or lookup_cost > max_lookup_cost;
      if scan_only or reach < lookup_cost then
        -- A wrong estimate costs little: the scan ends at three times the estimate, or half the
        -- cost of the lookup.
        reach := least(max_scanned_rows, greatest(500, 3 * reach, lookup_cost / 2));
        select array_agg(w) into ids
          from search_newest_matches(tier_query, bottom, upper_bound, reach::integer, missing) w;
        found_ids := found_ids || ids;
        found_tiers := found_tiers || array_fill(k, array[coalesce(array_length(ids, 1), 0)]);
        missing := wanted - coalesce(array_length(found_ids, 1), 0);
        exit groups when missing = 0;
        upper_bound := search_scan_end(bottom, upper_bound, reach::integer);
        continue when upper_bound is null;
        if scan_only then
          -- Too many to look up, and rarer than estimated: the next page continues here.
          next_item := upper_bound;
          next_tier := k;
          exit groups;
        end if;
      end if;
      select array_agg(f) into ids
        from search_index_matches(
          (one_tier ->> 'indexed')::tsquery, tier_query, bottom, upper_bound, missing) f;
      found_ids := found_ids || ids;
      found_tiers := found_tiers || array_fill(k, array[coalesce(array_length(ids, 1), 0)]);
      missing := wanted - coalesce(array_length(found_ids, 1), 0);
      exit groups when missing = 0;
    end loop;
  end loop;

  -- The number of matches is known only if the last group was reached.
  if hi < (plan_groups -> -1 ->> 'lastTier')::integer then counted := null; end if;
  return query
    select u.id, u.nth, counted, next_item, next_tier
    from unnest(found_ids, found_tiers) u (id, nth);
  if not found and next_item is not null then
    total := counted;
    return next;
  end if;
end $$`;
