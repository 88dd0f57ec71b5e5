import { sql, type Kysely } from 'kysely';

/**
 * Share links: a page that shows up to 100 items to everybody who knows its address.
 *
 * An older release ignores the tables. It may sweep a sharing picture as an orphan; the page then
 * makes it again.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('shares')
    // Readable, because its owner copies the address again. 128 random bits, base64url.
    .addColumn('code', 'text', (c) => c.primaryKey().check(sql`code ~ '^[A-Za-z0-9_-]{22}$'`))
    .addColumn('owner_id', 'uuid', (c) => c.notNull().references('users.id').onDelete('cascade'))
    .addColumn('show_sharer', 'boolean', (c) => c.notNull().defaultTo(false))
    .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(sql`now()`))
    // Empty: never.
    .addColumn('expires_at', 'timestamptz')
    .addColumn('revoked_at', 'timestamptz')
    .addColumn('opens', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('last_opened_at', 'timestamptz')
    // Object key of the sharing picture of a gallery; a single item has its own.
    .addColumn('card_key', 'text')
    .execute();
  // For the lists of one user and of all, newest first.
  await db.schema
    .createIndex('shares_owner_created')
    .on('shares')
    .columns(['owner_id', 'created_at', 'code'])
    .execute();
  await db.schema.createIndex('shares_created').on('shares').columns(['created_at', 'code']).execute();
  // For the sweep of objects without a row.
  await sql`create unique index shares_card_key on shares (card_key) where card_key is not null`.execute(db);

  await db.schema
    .createTable('share_items')
    .addColumn('code', 'text', (c) => c.notNull().references('shares.code').onDelete('cascade'))
    // From 0. A purged item leaves a gap, so that the addresses of the others stay.
    .addColumn('position', 'smallint', (c) => c.notNull().check(sql`position between 0 and 99`))
    .addColumn('media_id', 'uuid', (c) => c.notNull().references('media.id').onDelete('cascade'))
    .addPrimaryKeyConstraint('share_items_pkey', ['code', 'position'])
    .addUniqueConstraint('share_items_once', ['media_id', 'code'])
    .execute();

  // Object key of the sharing picture of an item; made when the item is first shared.
  await db.schema.alterTable('media').addColumn('card_key', 'text').execute();
  await sql`create unique index media_card_key on media (card_key) where card_key is not null`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('media').dropColumn('card_key').execute();
  for (const table of ['share_items', 'shares']) await db.schema.dropTable(table).execute();
}
