import { BY_WORD, MAX_FULL_LOOKUP_MATCHES } from './settings.ts';

/**
 * Returns one page of the matches of a rare query in an order other than newest first. All matches
 * are looked up, then sorted. `total` is their number. If they are too many, one row of nulls says
 * so, and search_sorted_scan serves the page.
 */
export const searchSortedLookup = String.raw`
create or replace function search_sorted_lookup(
  sort text,            -- 'oldest', or 'shared': most openings, then most shares, then newest
  indexed tsquery,      -- looked up in the index; it may leave out expensive parts of query
  query tsquery,        -- checked on the rows found
  bottom uuid,          -- lowest id, inclusive
  top uuid,             -- highest id, exclusive
  from_id uuid,         -- the page starts after this item; null: at the start
  from_opens integer,   -- openings of that item
  from_shares integer,  -- shares of that item
  wanted integer        -- largest number of items
)
returns table (item uuid, opens integer, shares integer, total integer)
language plpgsql stable ${BY_WORD}
as $$
declare
  max_full_lookup_matches constant integer := ${MAX_FULL_LOOKUP_MATCHES};
  ids uuid[];
begin
  select array_agg(f.media_id) into ids from (
    select c.media_id from (
      select s.media_id, s.live, s.terms from media_search s
      where s.terms @@ indexed offset 0) c
    where c.live and c.media_id >= bottom and c.media_id < top and c.terms @@ query
    limit max_full_lookup_matches + 1) f;
  if cardinality(ids) > max_full_lookup_matches then
    return next;
  elsif sort = 'oldest' then
    return query
      select u.id, 0, 0, cardinality(ids) from unnest(ids) u (id)
      where from_id is null or u.id > from_id
      order by u.id limit wanted;
  else
    return query
      select f.id, f.opens, f.shares, cardinality(ids) from (
        select u.id, coalesce(c.opens, 0) as opens, coalesce(c.shares, 0) as shares
        from unnest(ids) u (id) left join share_counts c on c.media_id = u.id) f
      where from_id is null or (f.opens, f.shares, f.id) < (from_opens, from_shares, from_id)
      order by f.opens desc, f.shares desc, f.id desc limit wanted;
  end if;
end $$`;
