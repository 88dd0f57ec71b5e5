import type { Database } from '../db/client.ts';
import { inTransaction } from '../db/transaction.ts';
import { AppError } from '../http/errors.ts';
import { findUserByKey, hasAccounts, lockFirstAccount, lockUser, updatePassword } from './auth.repository.ts';
import { mayLackPasskey } from './admin-passkey.ts';
import { user, type User } from './auth.schema.ts';
import { createUser, hashNewPassword } from './auth.service.ts';
import { deleteResetsOf } from './resets.repository.ts';
import { deleteSessionsOf } from './sessions.repository.ts';
import { deletePasskeysOf } from '../passkeys/passkeys.repository.ts';
import { deleteTokensOf } from '../tokens/tokens.repository.ts';
import { usernameKey } from './username.ts';

/**
 * Creates an account without an invite, for the operator. The first account is always an admin.
 * Errors: `username_taken`, `username_similar`, `password_common`.
 */
export async function addAccount(
  db: Database,
  account: { username: string; password: string; admin: boolean },
): Promise<User> {
  const { username, password, admin } = account;
  const passwordHash = await hashNewPassword(password, username);
  return inTransaction(db, async (trx) => {
    await lockFirstAccount(trx);
    const role = admin || !(await hasAccounts(trx)) ? 'admin' : 'member';
    return createUser(trx, { username, passwordHash, role });
  });
}

/** Finds an account by name. Errors: `not_found`. */
export async function findAccount(db: Database, username: string): Promise<User> {
  const row = await findUserByKey(db, usernameKey(username.trim()));
  if (!row) throw new AppError('not_found', `There is no user ${username}.`);
  return user.parse(row);
}

/**
 * Sets a password and ends every session, API token, reset link and passkey of that user. The
 * passkeys of an admin of whom one is required stay. Errors: `not_found`, `password_common`.
 *
 * @param requireAdminPasskey whether the folder requires a passkey of admins
 */
export async function setPassword(
  db: Database,
  username: string,
  password: string,
  requireAdminPasskey = false,
): Promise<User> {
  const account = await findAccount(db, username);
  const passwordHash = await hashNewPassword(password, account.username);
  await inTransaction(db, async (trx) => {
    const now = await lockUser(trx, account.id);
    await updatePassword(trx, account.id, passwordHash);
    await deleteResetsOf(trx, account.id);
    await deleteSessionsOf(trx, account.id);
    await deleteTokensOf(trx, account.id);
    if (mayLackPasskey(requireAdminPasskey, now ?? account)) await deletePasskeysOf(trx, account.id);
  });
  return account;
}

/**
 * Removes every passkey of a user, and ends the sessions and API tokens, which may go back to one.
 * Returns the number of passkeys. Errors: `not_found`.
 */
export async function resetPasskeys(
  db: Database,
  username: string,
): Promise<{ user: User; removed: number }> {
  const account = await findAccount(db, username);
  return inTransaction(db, async (trx) => {
    await lockUser(trx, account.id);
    await deleteSessionsOf(trx, account.id);
    await deleteTokensOf(trx, account.id);
    return { user: account, removed: await deletePasskeysOf(trx, account.id) };
  });
}
