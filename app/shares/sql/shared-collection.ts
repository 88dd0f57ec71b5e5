/**
 * Finds the collection that a share shows: its name, and the number of its items outside the trash.
 * No row for a share of chosen items.
 *
 * - `wanted`: the code of the share
 */
export const sharedCollection = String.raw`
create or replace function shared_collection(wanted text)
returns table (name text, total integer)
language plpgsql stable as $$
begin
  return query
  select c.name, (
    select count(*)::integer from collection_items ci join media m on m.id = ci.media_id
    where ci.collection_id = c.id and m.deleted_at is null)
  from shares s join collections c on c.id = s.collection_id
  where s.code = wanted;
end $$`;
