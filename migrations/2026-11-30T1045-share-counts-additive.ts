import { sql, type Kysely } from 'kysely';

/**
 * Counts of shares and openings of each item that was ever shared, and the functions that list
 * items oldest first and most shared first. Counts only grow: a revoked share stays counted.
 *
 * Triggers count, so that a share of an older release beside this one counts, too.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('share_counts')
    .addColumn('media_id', 'uuid', (c) => c.primaryKey().references('media.id').onDelete('cascade'))
    .addColumn('shares', 'integer', (c) => c.notNull())
    .addColumn('opens', 'integer', (c) => c.notNull())
    .execute();
  await db.schema
    .createIndex('share_counts_order')
    .on('share_counts')
    .columns(['opens', 'shares', 'media_id'])
    .execute();

  await sql`
    create function count_shares()
    returns trigger language plpgsql as $$
    begin
      insert into share_counts (media_id, shares, opens)
        select added.media_id, count(*), sum(shares.opens)
        from added join shares on shares.code = added.code
        group by added.media_id order by added.media_id
      on conflict (media_id) do update set
        shares = share_counts.shares + excluded.shares,
        opens = share_counts.opens + excluded.opens;
      return null;
    end $$`.execute(db);
  await sql`
    create function count_share_opens()
    returns trigger language plpgsql as $$
    begin
      with grown as (
        select share_items.media_id, sum(newer.opens - older.opens)::integer as opens
        from newer
        join older on older.code = newer.code
        join share_items on share_items.code = newer.code
        where newer.opens > older.opens
        group by share_items.media_id
      ), locked as materialized (
        select counts.media_id from share_counts counts
        where counts.media_id in (select grown.media_id from grown)
        order by counts.media_id for no key update
      )
      update share_counts set opens = share_counts.opens + grown.opens
      from grown join locked on locked.media_id = grown.media_id
      where share_counts.media_id = grown.media_id;
      return null;
    end $$`.execute(db);
  await sql`
    create function search_sorted_scan(
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
    language plpgsql stable set enable_seqscan = off
      set jit = off
      set max_parallel_workers_per_gather = 0
      set plan_cache_mode = force_generic_plan
      set work_mem = '16MB'
      set enable_bitmapscan = off
      set enable_sort = off
      set enable_indexscan = on
      set enable_indexonlyscan = on
    as $$
    declare
      max_scanned_rows constant integer := 25000;
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
    end $$`.execute(db);
  await sql`
    create function search_sorted_lookup(
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
    language plpgsql stable set enable_seqscan = off
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
    end $$`.execute(db);

  // The triggers lock both tables until the end, so no share is missed in between.
  await sql`
    create trigger share_items_counts after insert on share_items
    referencing new table as added
    for each statement execute function count_shares()`.execute(db);
  await sql`
    create trigger shares_opens_counts after update on shares
    referencing old table as older new table as newer
    for each statement execute function count_share_opens()`.execute(db);
  await sql`
    insert into share_counts (media_id, shares, opens)
    select share_items.media_id, count(*), sum(shares.opens)
    from share_items join shares on shares.code = share_items.code
    group by share_items.media_id`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const name of ['count_shares', 'count_share_opens', 'search_sorted_scan', 'search_sorted_lookup'])
    await sql`drop function ${sql.ref(name)} cascade`.execute(db);
  await db.schema.dropTable('share_counts').execute();
}
