/**
 * Counts new shares of items, with the openings that an imported share brings. Writes rows in the
 * order of ids, so that two shares do not wait for each other in a circle.
 */
export const countShares = String.raw`
create or replace function count_shares()
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
end $$`;

/** Counts openings of share pages for the items that they show. Locks in the order of ids. */
export const countShareOpens = String.raw`
create or replace function count_share_opens()
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
end $$`;

export const shareCountTriggers: readonly string[] = [
  `create trigger share_items_counts after insert on share_items
    referencing new table as added
    for each statement execute function count_shares()`,
  `create trigger shares_opens_counts after update on shares
    referencing old table as older new table as newer
    for each statement execute function count_share_opens()`,
];
