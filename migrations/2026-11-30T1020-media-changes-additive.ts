import { sql, type Kysely } from 'kysely';

/** A statement that changes more items is one entry without an id: "many". */
const MAX_LISTED = 1000;

/**
 * A short log of the changed items, for the event streams of open pages. Triggers write it, so that
 * the changes of an older release beside this one are in it too.
 *
 * A reader remembers a snapshot and reads the entries that the snapshot does not see. A sequence
 * would not do: a lower number may commit after a higher one.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('media_changes')
    .addColumn('xact', sql`xid8`, (c) => c.notNull().defaultTo(sql`pg_current_xact_id()`))
    // Empty: more items than the log lists. No foreign key: the item may be gone.
    .addColumn('media_id', 'uuid')
    .addColumn('changed_at', 'timestamptz', (c) => c.notNull().defaultTo(sql`now()`))
    .execute();
  await db.schema.createIndex('media_changes_xact').on('media_changes').column('xact').execute();

  // The transition table `changed` has a column that is named by the trigger's argument.
  await sql`
    create function log_media_changes() returns trigger language plpgsql as $$
    declare
      listed integer;
    begin
      execute format('select count(*) from (select distinct %I from changed limit ${sql.raw(String(MAX_LISTED + 1))}) few',
        tg_argv[0]) into listed;
      if listed > ${sql.lit(MAX_LISTED)} then
        insert into media_changes (media_id) values (null);
      else
        execute format('insert into media_changes (media_id) select distinct %I from changed', tg_argv[0]);
      end if;
      if listed > 0 then
        perform pg_notify('media_changes', '');
      end if;
      return null;
    end
    $$`.execute(db);
  for (const [table, column] of [
    ['media', 'id'],
    ['media_tags', 'media_id'],
  ] as const)
    for (const [event, version] of [
      ['insert', 'new'],
      ['update', 'new'],
      ['delete', 'old'],
    ] as const)
      await sql`
        create trigger ${sql.id(`${table}_${event}_changes`)} after ${sql.raw(event)} on ${sql.id(table)}
        referencing ${sql.raw(version)} table as changed
        for each statement execute function log_media_changes(${sql.lit(column)})`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop function log_media_changes() cascade`.execute(db);
  await db.schema.dropTable('media_changes').execute();
}
