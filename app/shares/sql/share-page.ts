/**
 * Finds the share of a page, its first items outside the trash in order, and whether the session
 * exists. The items of a collection are those that it has now. No row for an unknown code. A
 * function is planned once a connection; planning took most of the time of a page.
 *
 * - `wanted`: the code
 * - `session`: the id in a verified cookie, or null
 * - `idle_seconds`: a session that is unused for longer counts as ended
 */
export const sharePage = String.raw`
create or replace function share_page(wanted text, session uuid, idle_seconds double precision)
returns table (
  code text, show_sharer boolean, owner_name text, card_key text, card_of text,
  ended boolean, signed_in boolean, items json)
language plpgsql stable as $$
begin
  return query
  select
    s.code, s.show_sharer, u.username, s.card_key, s.card_of,
    s.revoked_at is not null or coalesce(s.expires_at <= now(), false),
    session is not null and exists (
      select from sessions join users member on member.id = sessions.user_id
      where sessions.id = session and member.disabled_at is null
        and sessions.last_seen_at > now() - make_interval(secs => idle_seconds)),
    (select coalesce(json_agg(json_build_object(
        'position', i.number, 'id', m.id, 'kind', m.kind, 'mime', m.mime,
        'width', m.width, 'height', m.height, 'title', m.title,
        'original_name', m.original_name, 'text', left(m.text, 600),
        'object_key', m.object_key, 'thumb_key', m.thumb_key, 'poster_key', m.poster_key,
        'preview_key', m.preview_key, 'playback_key', m.playback_key, 'card_key', m.card_key,
        'rendering', exists (
          select from media_stages stage where stage.media_id = m.id
            and stage.state = 'pending' and stage.stage in ('thumbnail', 'playback'))
      ) order by i.nth), '[]')
    from (
      select picked.*, row_number() over () as nth
      from (
        select shown.number, shown.media_id
        from (
          select si.position::integer as number, si.media_id, si.position::numeric as place
          from share_items si where si.code = s.code
          union all
          select ci.number, ci.media_id, case c.sort when 'hand' then ci.place end
          from collection_items ci where ci.collection_id = c.id) shown
        join media live on live.id = shown.media_id
        where live.deleted_at is null
        order by shown.place, case c.sort when 'newest' then shown.media_id end desc, shown.media_id
        limit 100) picked) i
    join media m on m.id = i.media_id)
  from shares s join users u on u.id = s.owner_id left join collections c on c.id = s.collection_id
  where s.code = wanted;
end $$`;
