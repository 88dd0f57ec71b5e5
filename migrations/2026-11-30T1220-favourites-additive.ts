import { sql, type Kysely } from 'kysely';
import { searchReindex as former } from './baseline/search-reindex.ts';

/**
 * Favourites of each user, as labels `@fav:ID` of the search rows. Triggers label, so that an older
 * release beside this one keeps the labels of the items that it indexes.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('favourites')
    .addColumn('media_id', 'uuid', (c) => c.notNull().references('media.id').onDelete('cascade'))
    .addColumn('user_id', 'uuid', (c) => c.notNull().references('users.id').onDelete('cascade'))
    .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(sql`now()`))
    .addPrimaryKeyConstraint('favourites_pkey', ['media_id', 'user_id'])
    .execute();
  await db.schema.createIndex('favourites_user_id').on('favourites').column('user_id').execute();

  await sql.raw(SEARCH_REINDEX).execute(db);
  await sql`
    create trigger media_favoured after insert on favourites referencing new table as changed
    for each statement execute function search_tagging_changed()`.execute(db);
  await sql`
    create trigger media_unfavoured after delete on favourites referencing old table as changed
    for each statement execute function search_tagging_changed()`.execute(db);
  for (const [event, version] of [
    ['insert', 'new'],
    ['update', 'new'],
    ['delete', 'old'],
  ] as const)
    await sql`
      create trigger ${sql.id(`favourites_${event}_changes`)} after ${sql.raw(event)} on favourites
      referencing ${sql.raw(version)} table as changed
      for each statement execute function log_media_changes('media_id')`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql.raw(former).execute(db);
  await db.schema.dropTable('favourites').execute();
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
      || array(select '@fav:' || user_id from favourites where media_id = m.id))
  from media m, lateral (
    select array(
      select name from media_tags join tags on tags.id = tag_id where media_id = m.id order by name)
  ) as t (names)
  where m.id = any(ids)
  order by m.id
  on conflict (media_id) do update set live = excluded.live, terms = excluded.terms
$$`;
