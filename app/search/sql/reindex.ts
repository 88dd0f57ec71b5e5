/** Writes the search rows of items anew, from the items, their tags, favourites and
 * collections. */
export const searchReindex = String.raw`
create or replace function search_reindex(
  ids uuid[]  -- items; ids without an item are ignored
)
returns void language sql as $$
  insert into media_search (media_id, live, terms)
  select m.id, m.deleted_at is null,
    search_vector(m.title, t.names, m.text, m.description, m.original_name,
      array_remove(
        array[
          '@kind:' || m.kind,
          '@by:' || m.owner_id::text,
          case when t.names = '{}' then '@untagged' end,
          case when m.state = 'failed' then '@failed' end
        ],
        null)
      || array(select '#' || n from unnest(t.names) n)
      || array(select '@fav:' || user_id from favourites where media_id = m.id)
      || array(select '@in:' || collection_id from collection_items where media_id = m.id))
  from media m, lateral (
    select array(
      select name from media_tags join tags on tags.id = tag_id where media_id = m.id order by name)
  ) as t (names)
  where m.id = any(ids)
  order by m.id
  on conflict (media_id) do update set live = excluded.live, terms = excluded.terms
$$`;
