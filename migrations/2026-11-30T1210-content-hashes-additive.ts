import { sql, type Kysely } from 'kysely';

/**
 * Adds the SHA-256 of the stored original of each item. It is apart from `media`, so that filling
 * it neither writes the wide rows again nor tells open pages of changes.
 *
 * A row describes the file of `upload_sha256`. After a replacement by an older release it describes
 * the former file, and readers ignore it. Twins may exist, so the index is not unique.
 *
 * A job fills it, newest items first. Its progress is a row for each recipe: the items from
 * `before` on are done, `passes` times.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table media_content (
      media_id uuid primary key references media on delete cascade,
      upload_sha256 text not null,
      stored_sha256 text not null
    )`.execute(db);
  await sql`create index media_content_stored on media_content (stored_sha256)`.execute(db);
  await sql`
    create table content_backfill (
      recipe smallint primary key,
      before uuid not null default 'ffffffff-ffff-ffff-ffff-ffffffffffff',
      passes smallint not null default 0
    )`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('content_backfill').execute();
  await db.schema.dropTable('media_content').execute();
}
