import { sql, type Kysely } from 'kysely';

/**
 * Shares of collections, which show the items that a collection has at that moment. The number of
 * an item is its place in the addresses of such a page. It stays when the order changes.
 *
 * No row is written here. An item that is there has no number before its collection is shared; a
 * new one has, also in an older release beside this one. That release shows no items of such a
 * share. An address has room for nine digits.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create sequence collection_items_number as integer maxvalue 999999999`.execute(db);
  await db.schema.alterTable('collection_items').addColumn('number', 'integer').execute();
  await sql`alter table collection_items
    alter column number set default nextval('collection_items_number')`.execute(db);
  await sql`alter sequence collection_items_number owned by collection_items.number`.execute(db);

  await db.schema
    .alterTable('shares')
    .addColumn('collection_id', 'uuid', (c) => c.references('collections.id').onDelete('set null'))
    .execute();
  await sql`create index shares_collection on shares (collection_id) where collection_id is not null`.execute(
    db,
  );
  await sql.raw(SHARE_PAGE).execute(db);
  await sql`
    create function shared_collection(wanted text)
    returns table (name text, total integer)
    language plpgsql stable as $$
    begin
      return query
      select c.name, (
        select count(*)::integer from collection_items ci join media m on m.id = ci.media_id
        where ci.collection_id = c.id and m.deleted_at is null)
      from shares s join collections c on c.id = s.collection_id
      where s.code = wanted;
    end $$`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql.raw(FORMER).execute(db);
  await sql`drop function shared_collection`.execute(db);
  await sql`delete from shares where collection_id is not null`.execute(db);
  await db.schema.alterTable('shares').dropColumn('collection_id').execute();
  await db.schema.alterTable('collection_items').dropColumn('number').execute();
}

const SHARE_PAGE = String.raw`
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

/** As migration 2026-11-30T1030 made it. */
const FORMER = String.raw`
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
        'position', i.position, 'id', m.id, 'kind', m.kind, 'mime', m.mime,
        'width', m.width, 'height', m.height, 'title', m.title,
        'original_name', m.original_name, 'text', left(m.text, 600),
        'object_key', m.object_key, 'thumb_key', m.thumb_key, 'poster_key', m.poster_key,
        'preview_key', m.preview_key, 'playback_key', m.playback_key, 'card_key', m.card_key,
        'rendering', exists (
          select from media_stages stage where stage.media_id = m.id
            and stage.state = 'pending' and stage.stage in ('thumbnail', 'playback'))
      ) order by i.position), '[]')
    from share_items i join media m on m.id = i.media_id
    where i.code = s.code and m.deleted_at is null)
  from shares s join users u on u.id = s.owner_id
  where s.code = wanted;
end $$`;
