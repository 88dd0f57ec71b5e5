import { sql, type Kysely } from 'kysely';

/** A circle of friends: invites, reset links, look-alike names, shared rate limits and the admin's settings. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // What two names look like: the skeleton of UTS #39, without case.
  await db.schema.alterTable('users').addColumn('username_skeleton', 'text').execute();
  await sql`update users set username_skeleton = username_key`.execute(db);
  await db.schema
    .alterTable('users')
    .alterColumn('username_skeleton', (c) => c.setNotNull())
    .execute();
  await db.schema
    .alterTable('users')
    .addUniqueConstraint('users_username_skeleton_key', ['username_skeleton'])
    .execute();

  await db.schema
    .createTable('invites')
    .addColumn('id', 'uuid', (c) => c.primaryKey())
    // SHA-256 of the code, in hex: who reads the table cannot join with it.
    .addColumn('code_hash', 'text', (c) => c.notNull().unique())
    .addColumn('note', 'text', (c) => c.notNull().defaultTo(''))
    // Empty for an invite that the operator made.
    .addColumn('created_by', 'uuid', (c) => c.references('users.id'))
    .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(sql`now()`))
    .addColumn('expires_at', 'timestamptz', (c) => c.notNull())
    .addColumn('revoked_at', 'timestamptz')
    .addColumn('used_by', 'uuid', (c) => c.references('users.id'))
    .addColumn('used_at', 'timestamptz')
    .addCheckConstraint('invites_used', sql`(used_by is null) = (used_at is null)`)
    .execute();
  await db.schema.createIndex('invites_created_by').on('invites').column('created_by').execute();

  await db.schema
    .createTable('password_resets')
    .addColumn('id', 'uuid', (c) => c.primaryKey())
    .addColumn('code_hash', 'text', (c) => c.notNull().unique())
    .addColumn('user_id', 'uuid', (c) => c.notNull().references('users.id').onDelete('cascade'))
    .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(sql`now()`))
    .addColumn('expires_at', 'timestamptz', (c) => c.notNull())
    .addColumn('used_at', 'timestamptz')
    .execute();
  await db.schema.createIndex('password_resets_user_id').on('password_resets').column('user_id').execute();

  // One row per limit and subject: when its bucket will be full again. A row in the past says nothing and may go.
  await db.schema
    .createTable('rate_limits')
    .addColumn('key', 'text', (c) => c.primaryKey())
    .addColumn('full_at', 'timestamptz', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('rate_limits_full_at').on('rate_limits').column('full_at').execute();

  // One row, always.
  await db.schema
    .createTable('settings')
    .addColumn('singleton', 'boolean', (c) =>
      c
        .primaryKey()
        .defaultTo(true)
        .check(sql`singleton`),
    )
    .addColumn('members_may_invite', 'boolean', (c) => c.notNull().defaultTo(true))
    .execute();
  await sql`insert into settings default values`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const table of ['settings', 'rate_limits', 'password_resets', 'invites'])
    await db.schema.dropTable(table).execute();
  await db.schema.alterTable('users').dropColumn('username_skeleton').execute();
}
