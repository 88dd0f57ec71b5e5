import { sql, type Kysely } from 'kysely';

/**
 * Gives the library an id, which its storage carries too: another database never sweeps that
 * storage.
 *
 * After a restore, `restored_from` is the moment of the backup. Until newer objects are adopted, no
 * sweep runs.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table settings
      add column library_id uuid not null default gen_random_uuid(),
      add column restored_from timestamptz`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table settings drop column library_id, drop column restored_from`.execute(db);
}
