import { sql, type Kysely } from 'kysely';

/**
 * What a name looks like in lower case, beside what it looks like as written: `LOUHI` as written looks like `LOUHl`, and so a
 * Cyrillic double of `louhi` was let in beside it. Empty where an older release made the account.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('users').addColumn('username_key_skeleton', 'text').execute();
  await sql`update users set username_key_skeleton = username_key`.execute(db);
  await db.schema
    .alterTable('users')
    .addUniqueConstraint('users_username_key_skeleton_key', ['username_key_skeleton'])
    .execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('users').dropColumn('username_key_skeleton').execute();
}
