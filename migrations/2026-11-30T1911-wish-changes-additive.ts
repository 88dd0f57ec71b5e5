import { sql, type Kysely } from 'kysely';

/**
 * Names items that a user proposes to merge in the log of changes, so that open pages of duplicates
 * show the proposal.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const [event, version] of [
    ['insert', 'new'],
    ['update', 'new'],
    ['delete', 'old'],
  ] as const)
    await sql`
      create trigger ${sql.id(`merge_wishes_${event}_changes`)} after ${sql.raw(event)} on merge_wishes
      referencing ${sql.raw(version)} table as changed
      for each statement execute function log_media_changes('media_id')`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const event of ['insert', 'update', 'delete'])
    await sql`drop trigger ${sql.id(`merge_wishes_${event}_changes`)} on merge_wishes`.execute(db);
}
