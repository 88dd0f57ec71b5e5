import { BY_ID, MAX_SCANNED_ROWS } from './settings.ts';

/**
 * Returns one page of items in an order other than newest first, by reading them in that order.
 *
 * It serves lists of all items and queries of common words. A page reads a bounded number of rows.
 * If it is not full by then, `next_item` and its counts tell where the next page continues. They
 * are the same in every row. Without a match, one row with a null `item` holds them.
 */
export const searchSortedScan = String.raw`
create or replace function search_sorted_scan(
  sort text,            -- 'oldest', or 'shared': most openings, then most shares, then newest
  query tsquery,        -- null: every item
  bottom uuid,          -- lowest id, inclusive
  top uuid,             -- highest id, exclusive
  from_id uuid,         -- the page starts after this item; null: at the start
  from_opens integer,   -- openings of that item
  from_shares integer,  -- shares of that item; 0: only items that were never shared follow
  wanted integer        -- largest number of items
)
returns table (
  item uuid, opens integer, shares integer,
  next_item uuid, next_opens integer, next_shares integer)
language plpgsql stable ${BY_ID}
as $$
declare
  max_scanned_rows constant integer := ${MAX_SCANNED_ROWS};
  last_opens constant integer := case when from_id is null then 2147483647 else from_opens end;
  last_shares constant integer := case when from_id is null then 2147483647 else from_shares end;
  last_id constant uuid := coalesce(from_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff');
  lower_id constant uuid := coalesce(from_id, '00000000-0000-0000-0000-000000000000');
  upper_id uuid := top;
  ids uuid[];
  found_ids uuid[] := '{}';
  found_opens integer[] := '{}';
  found_shares integer[] := '{}';
  missing integer := wanted;
begin
  if sort = 'oldest' then
    select array_agg(f.media_id) into ids from (
      select w.media_id from (
        select s.media_id, s.live, s.terms from media_search s
        where s.media_id >= bottom and s.media_id > lower_id and s.media_id < top
        order by s.media_id limit max_scanned_rows) w
      where w.live and (query is null or w.terms @@ query) limit wanted) f;
    found_ids := coalesce(ids, '{}');
    if cardinality(found_ids) < wanted then
      next_item := (
        select s.media_id from media_search s
        where s.media_id >= bottom and s.media_id > lower_id and s.media_id < top
        order by s.media_id offset max_scanned_rows - 1 limit 1);
    end if;
  else
    -- First those that were ever shared.
    if last_shares > 0 then
      select coalesce(array_agg(f.media_id), '{}'), coalesce(array_agg(f.opens), '{}'),
          coalesce(array_agg(f.shares), '{}')
        into found_ids, found_opens, found_shares
      from (
        select w.media_id, w.opens, w.shares from (
          select c.media_id, c.opens, c.shares from share_counts c
          where (c.opens, c.shares, c.media_id) < (last_opens, last_shares, last_id)
          order by c.opens desc, c.shares desc, c.media_id desc limit max_scanned_rows) w
        join media_search s on s.media_id = w.media_id
        where w.media_id >= bottom and w.media_id < top
          and s.live and (query is null or s.terms @@ query)
        order by w.opens desc, w.shares desc, w.media_id desc limit wanted) f;
      missing := wanted - cardinality(found_ids);
      if missing > 0 then
        select c.media_id, c.opens, c.shares into next_item, next_opens, next_shares
        from share_counts c
        where (c.opens, c.shares, c.media_id) < (last_opens, last_shares, last_id)
        order by c.opens desc, c.shares desc, c.media_id desc
        offset max_scanned_rows - 1 limit 1;
      end if;
    else
      upper_id := least(last_id, top);
    end if;

    -- Then the others, newest first.
    if missing > 0 and next_item is null then
      select array_agg(f.media_id) into ids from (
        select w.media_id from (
          select s.media_id, s.live, s.terms from media_search s
          where s.media_id >= bottom and s.media_id < upper_id
          order by s.media_id desc limit max_scanned_rows) w
        where w.live and (query is null or w.terms @@ query)
          and not exists (select from share_counts c where c.media_id = w.media_id)
        order by w.media_id desc limit missing) f;
      found_ids := found_ids || ids;
      if cardinality(found_ids) < wanted then
        next_item := (
          select s.media_id from media_search s
          where s.media_id >= bottom and s.media_id < upper_id
          order by s.media_id desc offset max_scanned_rows - 1 limit 1);
        next_opens := 0;
        next_shares := 0;
      end if;
    end if;
  end if;

  return query
    select u.id, coalesce(u.opened, 0), coalesce(u.shared, 0), next_item, next_opens, next_shares
    from unnest(found_ids, found_opens, found_shares) u (id, opened, shared);
  if not found and next_item is not null then
    return next;
  end if;
end $$`;
