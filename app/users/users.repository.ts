import { sql } from 'kysely';
import type { Database, Trx } from '../db/client.ts';

/** Selects users for admins. One whose account is being closed is none. */
function selectUsers(db: Database | Trx) {
  return db
    .selectFrom('users')
    .where('closing', 'is', null)
    .select(['id', 'username', 'role', 'disabled_at', 'created_at'])
    .select((row) =>
      row
        .selectFrom('sessions')
        .select((session) => session.fn.max('last_seen_at').as('seen'))
        .whereRef('sessions.user_id', '=', 'users.id')
        .as('last_seen_at'),
    );
}

export type UserRow = Awaited<ReturnType<ReturnType<typeof selectUsers>['executeTakeFirstOrThrow']>>;

/** Finds all users, by name. */
export function listUsers(db: Database): Promise<UserRow[]> {
  return selectUsers(db).orderBy('username_key').execute();
}

export async function findUser(db: Database | Trx, id: string): Promise<UserRow | null> {
  return (await selectUsers(db).where('id', '=', id).executeTakeFirst()) ?? null;
}

/**
 * Locks these accounts and every enabled admin until the transaction ends, in the order of their
 * ids. Two concurrent removals of an admin therefore wait for each other and see each other's
 * result.
 */
export function lockWithAdmins(trx: Trx, ids: readonly string[]) {
  return trx
    .selectFrom('users')
    .select(['id', 'role', 'disabled_at'])
    .where((eb) =>
      eb.or([eb('id', 'in', ids), eb.and([eb('role', '=', 'admin'), eb('disabled_at', 'is', null)])]),
    )
    .orderBy('id')
    .forNoKeyUpdate()
    .execute();
}

export type LockedAccount = Awaited<ReturnType<typeof lockWithAdmins>>[number];

export async function setRole(trx: Trx, id: string, role: 'admin' | 'member'): Promise<void> {
  await trx.updateTable('users').set({ role }).where('id', '=', id).execute();
}

export async function setDisabled(trx: Trx, id: string, disabled: boolean): Promise<void> {
  await trx
    .updateTable('users')
    .set({ disabled_at: disabled ? sql<Date>`coalesce(disabled_at, now())` : null })
    .where('id', '=', id)
    .execute();
}
