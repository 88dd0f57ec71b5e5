/**
 * Reindexes items that were added to a collection or removed from it. The search row has a label
 * for each collection. A deleted collection takes its rows along, and nothing looks for its label.
 */
export const searchCollectedChanged = String.raw`
create or replace function search_collected_changed()
returns trigger language plpgsql as $$
begin
  perform search_reindex(array(
    select distinct c.media_id from changed c
    where exists (select from collections where id = c.collection_id)));
  return null;
end $$`;

/** Calls search_collected_changed once per statement. */
export const collectedTriggers = [
  `create trigger media_collected after insert on collection_items referencing new table as changed
    for each statement execute function search_collected_changed()`,
  `create trigger media_uncollected after delete on collection_items referencing old table as changed
    for each statement execute function search_collected_changed()`,
];
