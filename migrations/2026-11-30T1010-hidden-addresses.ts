import { sql, type Kysely } from 'kysely';

/**
 * `hidden_in` names the storage in which the addresses of a trashed item are closed; null while
 * they are open. Items of another state are found by the index and by that of the trash.
 *
 * Not additive: an older release does not find the hidden files of local storage. Going back needs
 * an empty trash.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('media').addColumn('hidden_in', 'text').execute();
  await sql`create index media_to_show on media (id) where deleted_at is null and hidden_in is not null`.execute(
    db,
  );
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('media').dropColumn('hidden_in').execute();
}
