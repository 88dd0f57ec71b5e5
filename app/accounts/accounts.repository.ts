import { sql, type Selectable } from 'kysely';
import type { Database, Trx } from '../db/client.ts';
import type { Users } from '../db/schema.gen.ts';

/** Any number, as long as every registration asks for the same one. */
const FIRST_ACCOUNT_LOCK = 0x61636374;

/** Makes registrations that may be the first wait for each other, until the transaction ends. */
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
  passwordHash: string;
  role: 'admin' | 'member';
}

/** `null` when the name is taken. */
export async function insertUser(trx: Trx, user: NewUser): Promise<{ id: string } | null> {
  const row = await trx
    .insertInto('users')
    .values({
      id: user.id,
      username: user.username,
      username_key: user.usernameKey,
      password_hash: user.passwordHash,
      role: user.role,
    })
    .onConflict((conflict) => conflict.column('username_key').doNothing())
    .returning('id')
    .executeTakeFirst();
  return row ?? null;
}

export async function findUserByKey(db: Database, usernameKey: string): Promise<Selectable<Users> | null> {
  const row = await db
    .selectFrom('users')
    .selectAll()
    .where('username_key', '=', usernameKey)
    .executeTakeFirst();
  return row ?? null;
}
