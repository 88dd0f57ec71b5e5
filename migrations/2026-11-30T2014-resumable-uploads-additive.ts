import { sql, type Kysely } from 'kysely';

/**
 * Adds uploads that arrive in parts. `part_keys` names the stored parts in their order, `received`
 * counts their bytes. `media_id` is the item that the finished upload became: it answers a repeated
 * request until the row expires.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table resumable_uploads (
      id uuid primary key,
      owner_id uuid not null references users on delete cascade,
      byte_size bigint not null,
      received bigint not null default 0,
      sha256 text,
      original_name text not null,
      title text not null,
      tags text[] not null,
      part_keys text[] not null default '{}',
      media_id uuid references media on delete cascade,
      created_at timestamptz not null default now(),
      touched_at timestamptz not null default now(),
      check (received between 0 and byte_size)
    )`.execute(db);
  await sql`create index resumable_uploads_owner on resumable_uploads (owner_id)`.execute(db);
  await sql`create index resumable_uploads_media on resumable_uploads (media_id)`.execute(db);
  await sql`create index resumable_uploads_touched on resumable_uploads (touched_at)`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('resumable_uploads').execute();
}
