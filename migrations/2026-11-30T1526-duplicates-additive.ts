import { sql, type Kysely } from 'kysely';

/**
 * Adds groups of items that are the same meme, and merges of such items.
 *
 * - `duplicates`: the group of an item; items of no group have no row. A job fills it.
 * - `duplicate_pass`: how far that job has come in the order of ids, since `started_at`.
 * - `merges`: an item that was merged into another. It lies in the trash or is deleted for good, so
 *   its id refers to no row. `keys` and `roles` are its former addresses; `undo` is JSON:
 *   what the other item got from it.
 * - `merge_wishes`: a merge that a user proposes to those who may do it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table duplicates (
      media_id uuid primary key references media on delete cascade,
      group_id uuid not null
    )`.execute(db);
  await sql`create index duplicates_group on duplicates (group_id, media_id)`.execute(db);
  await sql`
    create table duplicate_pass (
      singleton boolean primary key default true check (singleton),
      after uuid not null default '00000000-0000-0000-0000-000000000000',
      started_at timestamptz not null default now()
    )`.execute(db);
  await sql`insert into duplicate_pass default values`.execute(db);
  await sql`
    create table merges (
      media_id uuid primary key,
      into_id uuid not null references media on delete cascade,
      keys text[] not null,
      roles text[] not null,
      undo text not null,
      merged_at timestamptz not null default now()
    )`.execute(db);
  await sql`create index merges_into on merges (into_id)`.execute(db);
  await sql`create index merges_keys on merges using gin (keys) with (fastupdate = off)`.execute(db);
  await sql`
    create table merge_wishes (
      media_id uuid primary key references media on delete cascade,
      into_id uuid not null references media on delete cascade,
      user_id uuid not null references users on delete cascade,
      wished_at timestamptz not null default now()
    )`.execute(db);
  await sql`create index merge_wishes_into on merge_wishes (into_id)`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const table of ['merge_wishes', 'merges', 'duplicate_pass', 'duplicates'])
    await db.schema.dropTable(table).execute();
}
