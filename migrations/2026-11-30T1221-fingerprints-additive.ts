import { sql, type Kysely } from 'kysely';

/**
 * Adds the fingerprints of items: perceptual hashes of 256 bits, several for each frame. `bands`
 * are the keys by which alike ones are found (app/media/alike/bands.ts). `fingerprint_recipe` is
 * the version of the work that made them; 0 before. A row of media_content says of which file they
 * are.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table media_content add column fingerprint_recipe smallint not null default 0`.execute(db);
  await sql`
    create table media_fingerprints (
      media_id uuid not null references media on delete cascade,
      frame smallint not null,
      place smallint not null,
      -- Number of frames of the item that have fingerprints.
      frames smallint not null,
      hash bit(256) not null,
      bands integer[] not null,
      primary key (media_id, frame, place)
    )`.execute(db);
  await sql`
    create index media_fingerprints_bands on media_fingerprints using gin (bands) with (fastupdate = off)`.execute(
    db,
  );
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('media_fingerprints').execute();
  await db.schema.alterTable('media_content').dropColumn('fingerprint_recipe').execute();
}
