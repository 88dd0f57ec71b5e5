import { sql, type Kysely } from 'kysely';

/**
 * Accounts that are being closed, and what becomes of their items. An older release takes such an
 * account for a disabled one.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table users add column closing text check (closing in ('trash', 'admin'))`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table users drop column closing`.execute(db);
}
