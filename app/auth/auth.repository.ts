import { sql, type Selectable } from 'kysely';
import type { Database, Trx } from '../db/client.ts';
import type { Users } from '../db/schema.gen.ts';

/** Any number that every registration shares. */
const FIRST_ACCOUNT_LOCK = 0x61636374;

/** Serialises registrations that may be the first, until the transaction ends. */
export async function lockFirstAccount(trx: Trx): Promise<void> {
  await sql`select pg_advisory_xact_lock(${FIRST_ACCOUNT_LOCK})`.execute(trx);
}

export async function hasAccounts(db: Database | Trx): Promise<boolean> {
  const row = await db.selectFrom('users').select('id').limit(1).executeTakeFirst();
  return row !== undefined;
}

export interface NewUser {
  id: string;
  username: string;
  usernameKey: string;
  usernameSkeleton: string;
  usernameKeySkeleton: string;
  passwordHash: string;
  role: 'admin' | 'member';
}

/** Returns `false` when the name is taken or looks like another. */
export async function insertUser(trx: Trx, user: NewUser): Promise<boolean> {
  const row = await trx
    .insertInto('users')
    .values({
      id: user.id,
      username: user.username,
      username_key: user.usernameKey,
      username_skeleton: user.usernameSkeleton,
      username_key_skeleton: user.usernameKeySkeleton,
      password_hash: user.passwordHash,
      role: user.role,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

export async function findUserByKey(
  db: Database | Trx,
  usernameKey: string,
): Promise<Selectable<Users> | null> {
  const row = await db
    .selectFrom('users')
    .selectAll()
    .where('username_key', '=', usernameKey)
    .executeTakeFirst();
  return row ?? null;
}

export async function findUserById(db: Database | Trx, id: string): Promise<Selectable<Users> | null> {
  return (await db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
}

/**
 * Locks an account until the transaction ends, and returns its current row. Decisions about a
 * session, an invite, a reset link or a password need this lock. They depend on the account's role,
 * password and enabled state.
 */
export async function lockUser(trx: Trx, id: string): Promise<Selectable<Users> | null> {
  const query = trx.selectFrom('users').selectAll().where('id', '=', id).forNoKeyUpdate();
  return (await query.executeTakeFirst()) ?? null;
}

/** Sets the password hash. The caller holds the account's lock. */
export async function updatePassword(trx: Trx, id: string, passwordHash: string): Promise<void> {
  await trx.updateTable('users').set({ password_hash: passwordHash }).where('id', '=', id).execute();
}
