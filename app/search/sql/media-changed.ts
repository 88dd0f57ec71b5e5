/** Reindexes items that were added, or changed in a part that the search knows. */
export const searchMediaChanged = String.raw`
create or replace function search_media_changed()
returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    perform search_reindex(array(select id from changed));
  else
    perform search_reindex(array(
      select n.id from changed n join former o using (id)
      where (n.title, n.description, n.text, n.original_name, n.kind, n.owner_id,
          n.state = 'failed', n.deleted_at is null)
        is distinct from
        (o.title, o.description, o.text, o.original_name, o.kind, o.owner_id,
          o.state = 'failed', o.deleted_at is null)));
  end if;
  return null;
end $$`;

/** Calls search_media_changed once per statement. */
export const mediaTriggers = [
  `create trigger media_inserted after insert on media referencing new table as changed
    for each statement execute function search_media_changed()`,
  `create trigger media_updated after update on media
    referencing old table as former new table as changed
    for each statement execute function search_media_changed()`,
];
