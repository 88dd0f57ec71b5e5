import { sql, type Kysely } from 'kysely';

/** Further columns of shares, which an older release ignores. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('shares')
    // Fingerprint of the pictures in the sharing picture of a gallery.
    .addColumn('card_of', 'text')
    // Whether the file addresses of the items end when the share expires.
    .addColumn('end_file_address', 'boolean', (c) => c.notNull().defaultTo(false))
    .execute();
  // For the job that ends them.
  await sql`create index shares_ending on shares (expires_at) where end_file_address`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('shares').dropColumn('end_file_address').dropColumn('card_of').execute();
}
