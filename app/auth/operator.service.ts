import type { Database } from '../db/client.ts';
import { inTransaction } from '../db/transaction.ts';
import { AppError } from '../http/errors.ts';
import { findUserByKey, hasAccounts, lockFirstAccount, lockUser, updatePassword } from './auth.repository.ts';
import { user, type User } from './auth.schema.ts';
import { createUser, hashNewPassword } from './auth.service.ts';
import { deleteResetsOf } from './resets.repository.ts';
import { deleteSessionsOf } from './sessions.repository.ts';
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
 * Sets a password and ends every session, API token and reset link of that user. Errors:
 * `not_found`, `password_common`.
 */
export async function setPassword(db: Database, username: string, password: string): Promise<User> {
  const account = await findAccount(db, username);
  const passwordHash = await hashNewPassword(password, account.username);
  await inTransaction(db, async (trx) => {
    await lockUser(trx, account.id);
    await updatePassword(trx, account.id, passwordHash);
    await deleteResetsOf(trx, account.id);
    await deleteSessionsOf(trx, account.id);
    await deleteTokensOf(trx, account.id);
  });
  return account;
}
