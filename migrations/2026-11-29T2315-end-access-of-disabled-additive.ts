import { sql, type Kysely } from 'kysely';

const DISABLED = 'select id from users where disabled_at is not null';

/**
 * Ends what disabled people kept: sessions, reset links and invites that were made in the moment of disabling and missed
 * by it. They would count again when their person is enabled.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(`delete from sessions where user_id in (${DISABLED})`).execute(db);
  await sql.raw(`delete from password_resets where user_id in (${DISABLED})`).execute(db);
  await sql
    .raw(
      `update invites set revoked_at = now()
       where used_at is null and revoked_at is null and created_by in (${DISABLED})`,
    )
    .execute(db);
}

/** What was ended stays ended. */
export async function down(): Promise<void> {}
