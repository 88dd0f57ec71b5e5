import { BY_WORD, MAX_FULL_LOOKUP_MATCHES, MAX_SCANNED_ROWS } from './settings.ts';

/**
 * Largest number of tiers of a search. app/search/plan/ranking.ts plans any number up to it, in any
 * order. So a new level of match changes no SQL.
 */
export const MAX_TIERS = 10;

/** Variables for the conditions of a group's tiers. The last one needs none: it has the rest. */
const PLAINS = Array.from({ length: MAX_TIERS - 1 }, (_, k) => `plain_${k + 1}`);

/** Sets one of them. Without a condition, in a smaller group, it is null. */
const conditionOfTier = (plain: string, k: number) =>
  `${plain} := case when lo + ${k} < hi then plan_tiers -> (lo + ${k} - 1) ->> 'plain' end;`;

/**
 * Looks up a group with few matches and sorts each into the first tier that takes it.
 *
 * The index intersects several conditions faster than one that combines them. Each number of
 * conditions has its own statement: a condition that may be null is none for an index. The
 * condition of a tier that the group lacks is null and takes nothing.
 */
const lookUpGroup = (...conditions: readonly string[]) => `
        select array_agg(f.id), array_agg(f.nth) into ids, tiers from (
          select c.id, case
            ${PLAINS.map((plain, k) => `when c.terms @@ ${plain} then lo + ${k}`).join('\n            ')}
            else hi end as nth
          from (
            select s.media_id as id, s.live, s.terms from media_search s
            where ${conditions.map((condition) => `s.terms @@ ${condition}`).join(' and ')}
            offset 0) c
          where c.live and c.id >= bottom and c.id < top
            and (row_check is null or c.terms @@ row_check)
          limit max_full_lookup_matches + 1) f;`;

/**
 * Returns one page of a search: the matches, best tier first, newest first within a tier.
 *
 * A page reads a bounded number of rows. If it is not full by then, `next_item` and `next_tier`
 * tell where the next page continues. They are the same in every row. Without a match, one row with
 * a null `item` holds them. `total` is the number of matches, or null if they were not counted.
 */
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
language plpgsql stable rows 31 ${BY_WORD}
as $$
declare
  max_full_lookup_matches constant integer := ${MAX_FULL_LOOKUP_MATCHES};
  max_scanned_rows constant integer := ${MAX_SCANNED_ROWS};
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
  ${PLAINS.map((plain) => `${plain} tsquery;`).join('\n  ')}
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
      ${PLAINS.map(conditionOfTier).join('\n      ')}
      if condition_2 is null then ${lookUpGroup('condition_1')}
      elsif condition_3 is null then ${lookUpGroup('condition_1', 'condition_2')}
      elsif condition_4 is null then ${lookUpGroup('condition_1', 'condition_2', 'condition_3')}
      else ${lookUpGroup('condition_1', 'condition_2', 'condition_3', 'condition_4')}
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
