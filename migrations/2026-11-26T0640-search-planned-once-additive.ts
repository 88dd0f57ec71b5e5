import { sql, type Kysely } from 'kysely';

/**
 * The search with its statements planned once a connection. Planning them anew took a millisecond of each search, most of what it costs
 * to find out that nothing matches. A generic plan is safe where only one is possible: here an item's words are the only condition an index
 * could look up, and everything else is asked of the rows that it found. The vocabulary is asked by functions for the same reason, and because
 * PostgreSQL read the whole of it for some words, ten times slower. `search_best` stays for older releases.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [walked, reached, lookedUp, results, spellings, similar, containing])
    await sql.raw(statement).execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop function search_containing, search_similar, search_spellings, search_results, search_looked_up, search_reached, search_walked`.execute(
    db,
  );
}

// The plans are for any search, so they may not depend on how common its words are. The bitmap of what many items have is larger
// than the usual 4 MB, and a coarser one would have every item of a page checked.
const settings = `set enable_seqscan = off set jit = off set max_parallel_workers_per_gather = 0
  set plan_cache_mode = force_generic_plan set work_mem = '16MB'`;
// Each says all four, for one of these functions calls another.
const byKey = `set enable_bitmapscan = off set enable_sort = off set enable_indexscan = on set enable_indexonlyscan = on`;
const byWords = `set enable_bitmapscan = on set enable_sort = on set enable_indexscan = off set enable_indexonlyscan = off`;

// Newest first through at most "reach" items: for what many items have.
const walked = `create function search_walked(query tsquery, bottom uuid, top uuid, reach integer, wanted integer)
  returns setof uuid language plpgsql stable ${settings} ${byKey} as $$
  begin
    return query select w.media_id from (
      select s.media_id, s.live, s.terms from media_search s where s.media_id >= bottom and s.media_id < top
      order by s.media_id desc limit reach) w
    where w.live and w.terms @@ query limit wanted;
  end $$`;

// The item that such a walk ends at; null where there are not so many.
const reached = `create function search_reached(bottom uuid, top uuid, reach integer)
  returns uuid language plpgsql stable ${settings} ${byKey} as $$
  begin
    return (select s.media_id from media_search s where s.media_id >= bottom and s.media_id < top
      order by s.media_id desc offset reach - 1 limit 1);
  end $$`;

// Every match from the inverted index, then the newest of them: for what few items have. "indexed" is looked up, "query" asked of
// the rows, where it is more. "offset 0" keeps what is outside of it from becoming a condition that an index looks up.
const lookedUp = `create function search_looked_up(indexed tsquery, query tsquery, bottom uuid, top uuid, wanted integer)
  returns setof uuid language plpgsql stable ${settings} ${byWords} as $$
  begin
    return query select c.media_id from (
      select s.media_id, s.live, s.terms from media_search s where s.terms @@ indexed offset 0) c
    where c.live and c.media_id >= bottom and c.media_id < top and (indexed = query or c.terms @@ query)
    order by c.media_id desc limit wanted;
  end $$`;

// Few matches, each with its tier. The index intersects the lists of several conditions faster than those within one, so each
// candidate is one; a statement of its own for each number of them, since a condition that may be absent is none for an index.
const sorted = (candidates: readonly string[]) => `
  select array_agg(f.id), array_agg(f.nth) into ids, tiers from (
    select c.id, lo + case
      when hi = lo then 0
      when hi = lo + 1 then case when c.terms @@ plain_1 then 0 else 1 end
      when hi > lo + 3 and not c.terms @@ plain_4 then case when c.terms @@ plain_5 then 4 else 5 end
      when c.terms @@ plain_2 then case when c.terms @@ plain_1 then 0 else 1 end
      else case when c.terms @@ plain_3 then 2 else 3 end end as nth
    from (
      select s.media_id as id, s.live, s.terms from media_search s
      where ${candidates.map((candidate) => `s.terms @@ ${candidate}`).join(' and ')} offset 0) c
    where c.live and c.id >= bottom and c.id < top and (rest is null or c.terms @@ rest)
    limit few + 1) f;`;

// Of each group: "lasts" is its last tier, "at_once" whether it has few matches, "candidates" (four places a group, null where there
// are fewer) what the index looks up of it, and "rests" what else a match has to satisfy, or null.
// Of each tier: "plain" without what excludes the better ones, "indexed" and "queries" as in search_looked_up, "gathering"
// what looking it up costs in rows walked through (null where there is nothing to look up), "shares" the fraction of all items that
// probably match. "within": about how many items there are between "bottom" and "top". "count_all": also count a group the page has no more room for. "total" is null where a group was not counted.
// A page reads a bounded number of rows: where it is not full by then, a last row with total -1 is no match, but where to go on.
const results = `create function search_results(lasts integer[], at_once boolean[], count_all boolean, candidates tsquery[], rests tsquery[],
    plain tsquery[], indexed tsquery[], queries tsquery[], gathering double precision[], shares double precision[],
    from_tier integer, bottom uuid, top uuid, within double precision, below uuid, wanted integer)
  returns table (item uuid, tier integer, total integer) language plpgsql stable rows 31 ${settings} ${byWords} as $$
  declare
    few constant integer := 4000;
    walked constant integer := 25000;
    gathered constant integer := 60000;
    first tsquery;
    second tsquery;
    third tsquery;
    fourth tsquery;
    rest tsquery;
    plain_1 tsquery;
    plain_2 tsquery;
    plain_3 tsquery;
    plain_4 tsquery;
    plain_5 tsquery;
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
        rest := rests[g];
        -- A place in an array is looked for anew with every row.
        plain_1 := plain[lo];
        plain_2 := plain[lo + 1];
        plain_3 := plain[lo + 2];
        plain_4 := plain[lo + 3];
        plain_5 := plain[lo + 4];
        if second is null then ${sorted(['first'])}
        elsif third is null then ${sorted(['first', 'second'])}
        elsif fourth is null then ${sorted(['first', 'second', 'third'])}
        else ${sorted(['first', 'second', 'third', 'fourth'])}
        end if;
        if coalesce(array_length(ids, 1), 0) <= few then
          counted := counted + coalesce(array_length(ids, 1), 0);
          if ids is not null then
            select found_ids || coalesce(array_agg(f.id), '{}'), found_tiers || coalesce(array_agg(f.nth), '{}')
              into found_ids, found_tiers from (
              select u.id, u.nth from unnest(ids, tiers) u (id, nth)
              where u.nth > from_tier or (u.nth = from_tier and u.id < below)
              order by u.nth, u.id desc limit missing) f;
            missing := wanted - coalesce(array_length(found_ids, 1), 0);
          end if;
          exit groups when missing = 0 and not (count_all and counted is not null);
          continue groups;
        end if;
      end if;
      counted := null;
      exit groups when missing = 0;
      for k in greatest(lo, from_tier)..hi loop
        upper_bound := case when k = from_tier then least(below, top) else top end;
        reach := least(missing / shares[k], within);
        walk_only := gathering[k] is null or gathering[k] > gathered;
        if walk_only or reach < gathering[k] then
          -- A wrong guess costs little: the walk ends at three times what it should take, or half of what gathering does.
          reach := least(walked, greatest(500, 3 * reach, gathering[k] / 2));
          select array_agg(w) into ids from search_walked(queries[k], bottom, upper_bound, reach::integer, missing) w;
          found_ids := found_ids || ids;
          found_tiers := found_tiers || array_fill(k, array[coalesce(array_length(ids, 1), 0)]);
          missing := wanted - coalesce(array_length(found_ids, 1), 0);
          exit groups when missing = 0;
          upper_bound := search_reached(bottom, upper_bound, reach::integer);
          continue when upper_bound is null;
          if walk_only then
            -- Too many to gather, and rarer than they should be: the next page goes on from here.
            goes_on := upper_bound;
            goes_on_in := k;
            exit groups;
          end if;
        end if;
        select array_agg(f) into ids from search_looked_up(indexed[k], queries[k], bottom, upper_bound, missing) f;
        found_ids := found_ids || ids;
        found_tiers := found_tiers || array_fill(k, array[coalesce(array_length(ids, 1), 0)]);
        missing := wanted - coalesce(array_length(found_ids, 1), 0);
        exit groups when missing = 0;
      end loop;
    end loop;
    -- Only if the last group was reached is it known how many there are.
    if hi < lasts[array_length(lasts, 1)] then counted := null; end if;
    return query select u.id, u.nth, counted from unnest(found_ids, found_tiers) u (id, nth);
    if goes_on is not null then
      return query select goes_on, goes_on_in, -1;
    end if;
  end $$`;

// Words of the vocabulary by the folded ones that they are. Planning it for a noun in all its cases took longer than running it.
const spellings = `create function search_spellings(asked text[])
  returns table (folded text, word text) language plpgsql stable ${settings} ${byWords} as $$
  begin
    return query select w.folded, w.word from search_words w where w.folded = any(asked);
  end $$`;

// Words of the vocabulary that look like a folded one (trigrams), most alike first.
const similar = `create function search_similar(asked text, wanted integer)
  returns table (word text, folded text, items integer) language plpgsql stable ${settings} ${byWords} as $$
  begin
    return query select w.word, w.folded, max(w.items) from search_words w where w.folded % asked
      group by w.word, w.folded order by similarity(w.folded, asked) desc, max(w.items) desc, w.word limit wanted;
  end $$`;

// Words of the vocabulary with a folded one in them (letters and digits only), the most common first.
const containing = `create function search_containing(asked text, wanted integer)
  returns setof text language plpgsql stable ${settings} ${byWords} as $$
  begin
    return query select w.word from search_words w where w.folded like '%' || asked || '%'
      group by w.word order by max(w.items) desc, w.word limit wanted;
  end $$`;
