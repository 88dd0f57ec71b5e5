/** Reindexes the items of a renamed tag. The reindexing counts the uses of the new name. */
export const searchTagRenamed = String.raw`
create or replace function search_tag_renamed()
returns trigger language plpgsql as $$
begin
  if tg_when = 'BEFORE' then
    new.uses := 0;
    return new;
  end if;
  perform search_reindex(array(select media_id from media_tags where tag_id = new.id));
  return null;
end $$`;

/** Calls search_tag_renamed before and after each renamed row. */
export const tagTriggers = [
  `create trigger tag_renaming before update of name on tags for each row
    when (old.name <> new.name) execute function search_tag_renamed()`,
  `create trigger tag_renamed after update of name on tags for each row
    when (old.name <> new.name) execute function search_tag_renamed()`,
];
