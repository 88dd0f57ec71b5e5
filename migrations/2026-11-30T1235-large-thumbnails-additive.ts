import { sql, type Kysely } from 'kysely';

/** Adds the object of a wider thumbnail, for large tiles. Items of before get it by a job. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('media').addColumn('large_key', 'text').execute();
  await sql`create unique index media_large_key on media (large_key) where large_key is not null`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('media').dropColumn('large_key').execute();
}
