import { sql, type Kysely } from 'kysely';

/**
 * What is still to be done for an item, a row per stage, and where the results lie. A `token` names one run of a
 * stage: a job of an earlier run finds another token and leaves the row alone.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('media')
    .addColumn('preview_key', 'text', (c) => c.unique())
    .addColumn('playback_key', 'text', (c) => c.unique())
    .addColumn('has_audio', 'boolean', (c) => c.notNull().defaultTo(false))
    .execute();

  await db.schema
    .createTable('media_stages')
    .addColumn('media_id', 'uuid', (c) => c.notNull().references('media.id').onDelete('cascade'))
    .addColumn('stage', 'text', (c) =>
      c.notNull().check(sql`stage in ('thumbnail', 'preview', 'playback', 'text')`),
    )
    .addColumn('state', 'text', (c) =>
      c.notNull().check(sql`state in ('pending', 'done', 'failed', 'skipped')`),
    )
    .addColumn('token', 'uuid', (c) => c.notNull().defaultTo(sql`gen_random_uuid()`))
    .addColumn('failure', 'text')
    .addColumn('updated_at', 'timestamptz', (c) => c.notNull().defaultTo(sql`now()`))
    .addPrimaryKeyConstraint('media_stages_pkey', ['media_id', 'stage'])
    .execute();
  // What is done is most of the table; everything that looks for work looks elsewhere.
  await sql`create index media_stages_open on media_stages (stage, state) where state <> 'done'`.execute(db);

  // Items from before: their thumbnail exists; a text that was still to be read is picked up like one that waited
  // for a reader.
  await sql`insert into media_stages (media_id, stage, state) select id, 'thumbnail', 'done' from media`.execute(
    db,
  );
  await sql`
    insert into media_stages (media_id, stage, state, failure)
    select id, 'text', case state when 'ready' then 'done' when 'failed' then 'failed' else 'skipped' end, failure
    from media`.execute(db);
  await sql`update media set state = 'ready' where state = 'processing'`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('media_stages').execute();
  await db.schema
    .alterTable('media')
    .dropColumn('preview_key')
    .dropColumn('playback_key')
    .dropColumn('has_audio')
    .execute();
}
