import { sql, type Kysely } from 'kysely';

/** Accounts with sessions, and media with a full-text index in Finnish, English and as written. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('users')
    .addColumn('id', 'uuid', (c) => c.primaryKey())
    .addColumn('username', 'text', (c) => c.notNull())
    // NFKC in lower case: what two names are compared by.
    .addColumn('username_key', 'text', (c) => c.notNull().unique())
    .addColumn('password_hash', 'text', (c) => c.notNull())
    .addColumn('role', 'text', (c) => c.notNull().check(sql`role in ('admin', 'member')`))
    .addColumn('disabled_at', 'timestamptz')
    .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(sql`now()`))
    .execute();

  await db.schema
    .createTable('sessions')
    .addColumn('id', 'uuid', (c) => c.primaryKey())
    .addColumn('user_id', 'uuid', (c) => c.notNull().references('users.id').onDelete('cascade'))
    .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(sql`now()`))
    .addColumn('last_seen_at', 'timestamptz', (c) => c.notNull().defaultTo(sql`now()`))
    .addColumn('user_agent', 'text', (c) => c.notNull().defaultTo(''))
    .execute();
  await db.schema.createIndex('sessions_user_id').on('sessions').column('user_id').execute();

  await db.schema
    .createTable('media')
    .addColumn('id', 'uuid', (c) => c.primaryKey())
    .addColumn('owner_id', 'uuid', (c) => c.notNull().references('users.id'))
    .addColumn('kind', 'text', (c) => c.notNull().check(sql`kind in ('image', 'animation', 'video')`))
    .addColumn('mime', 'text', (c) => c.notNull())
    .addColumn('width', 'integer', (c) => c.notNull())
    .addColumn('height', 'integer', (c) => c.notNull())
    .addColumn('duration_ms', 'integer')
    .addColumn('byte_size', 'bigint', (c) => c.notNull())
    .addColumn('sha256', 'text', (c) => c.notNull().unique())
    .addColumn('title', 'text', (c) => c.notNull().defaultTo(''))
    .addColumn('description', 'text', (c) => c.notNull().defaultTo(''))
    .addColumn('original_name', 'text', (c) => c.notNull().defaultTo(''))
    .addColumn('text', 'text', (c) => c.notNull().defaultTo(''))
    .addColumn('text_edited', 'boolean', (c) => c.notNull().defaultTo(false))
    .addColumn('state', 'text', (c) => c.notNull().check(sql`state in ('processing', 'ready', 'failed')`))
    .addColumn('failure', 'text')
    .addColumn('object_key', 'text', (c) => c.notNull().unique())
    .addColumn('thumb_key', 'text', (c) => c.unique())
    .addColumn('thumb_hash', 'text')
    .addColumn('poster_key', 'text', (c) => c.unique())
    .addColumn('deleted_at', 'timestamptz')
    .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(sql`now()`))
    .addColumn('updated_at', 'timestamptz', (c) => c.notNull().defaultTo(sql`now()`))
    .execute();
  // A generated column, so that no writer can forget it. `simple` keeps words as they stand for prefixes and names;
  // the other two add the stems of both languages.
  await sql`
    alter table media add column search tsvector not null generated always as (
      setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('finnish', title), 'A') ||
      setweight(to_tsvector('english', title), 'A') ||
      setweight(to_tsvector('simple', description || ' ' || original_name), 'C') ||
      setweight(to_tsvector('finnish', description), 'C') || setweight(to_tsvector('english', description), 'C') ||
      setweight(to_tsvector('simple', text), 'B') || setweight(to_tsvector('finnish', text), 'B') ||
      setweight(to_tsvector('english', text), 'B')
    ) stored`.execute(db);
  await sql`create index media_search on media using gin (search) with (fastupdate = off)`.execute(db);
  // The page everybody opens: newest first among what is not in the trash.
  await sql`create index media_newest on media (id desc) where deleted_at is null`.execute(db);
  await sql`create index media_trash on media (deleted_at) where deleted_at is not null`.execute(db);
  await db.schema.createIndex('media_owner_id').on('media').column('owner_id').execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('media').execute();
  await db.schema.dropTable('sessions').execute();
  await db.schema.dropTable('users').execute();
}
