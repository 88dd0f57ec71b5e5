import { sql, type Kysely } from 'kysely';

/**
 * Collections of items, as labels `@in:ID` of the search rows. A place is a number, so that a move
 * writes only the rows that move.
 *
 * Triggers label, so that an older release beside this one keeps the labels of the items that it
 * indexes. Items of a deleted collection keep a label that nothing looks for.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('collections')
    .addColumn('id', 'uuid', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    // By code point in every database, so that pages by key have one order.
    .addColumn('key', sql`text collate "C"`, (c) => c.notNull().unique())
    .addColumn('description', 'text', (c) => c.notNull().defaultTo(''))
    .addColumn('sort', 'text', (c) => c.notNull().defaultTo('hand'))
    .addColumn('owner_id', 'uuid', (c) => c.notNull().references('users.id'))
    .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(sql`now()`))
    .execute();
  await db.schema
    .createTable('collection_items')
    .addColumn('collection_id', 'uuid', (c) => c.notNull().references('collections.id').onDelete('cascade'))
    .addColumn('media_id', 'uuid', (c) => c.notNull().references('media.id').onDelete('cascade'))
    .addColumn('place', sql`numeric(30, 12)`, (c) => c.notNull())
    .addColumn('added_by', 'uuid', (c) => c.notNull().references('users.id'))
    .addColumn('added_at', 'timestamptz', (c) => c.notNull().defaultTo(sql`now()`))
    .addPrimaryKeyConstraint('collection_items_pkey', ['collection_id', 'media_id'])
    .execute();
  await db.schema
    .createIndex('collection_items_place')
    .on('collection_items')
    .columns(['collection_id', 'place', 'media_id'])
    .execute();
  await db.schema
    .createIndex('collection_items_media_id')
    .on('collection_items')
    .column('media_id')
    .execute();

  await sql.raw(SEARCH_REINDEX).execute(db);
  await sql`
    create function search_collected_changed()
    returns trigger language plpgsql as $$
    begin
      perform search_reindex(array(
        select distinct c.media_id from changed c
        where exists (select from collections where id = c.collection_id)));
      return null;
    end $$`.execute(db);
  await sql`
    create trigger media_collected after insert on collection_items referencing new table as changed
    for each statement execute function search_collected_changed()`.execute(db);
  await sql`
    create trigger media_uncollected after delete on collection_items referencing old table as changed
    for each statement execute function search_collected_changed()`.execute(db);
  for (const [event, version] of [
    ['insert', 'new'],
    ['update', 'new'],
    ['delete', 'old'],
  ] as const)
    await sql`
      create trigger ${sql.id(`collection_items_${event}_changes`)} after ${sql.raw(event)} on collection_items
      referencing ${sql.raw(version)} table as changed
      for each statement execute function log_media_changes('media_id')`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql.raw(FORMER).execute(db);
  await db.schema.dropTable('collection_items').execute();
  await db.schema.dropTable('collections').execute();
  await sql`drop function search_collected_changed`.execute(db);
}

const SEARCH_REINDEX = `
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

/** As migration 2026-11-30T1220 made it. */
const FORMER = `
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
      || array(select '@fav:' || user_id from favourites where media_id = m.id))
  from media m, lateral (
    select array(
      select name from media_tags join tags on tags.id = tag_id where media_id = m.id order by name)
  ) as t (names)
  where m.id = any(ids)
  order by m.id
  on conflict (media_id) do update set live = excluded.live, terms = excluded.terms
$$`;
