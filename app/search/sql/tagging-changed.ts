/** Reindexes items that got or lost a tag. */
export const searchTaggingChanged = String.raw`
create or replace function search_tagging_changed()
returns trigger language plpgsql as $$
begin
  perform search_reindex(array(select distinct media_id from changed));
  return null;
end $$`;

/** Calls search_tagging_changed once per statement. */
export const taggingTriggers = [
  `create trigger media_tagged after insert on media_tags referencing new table as changed
    for each statement execute function search_tagging_changed()`,
  `create trigger media_untagged after delete on media_tags referencing old table as changed
    for each statement execute function search_tagging_changed()`,
];
