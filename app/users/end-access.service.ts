import { deleteResetsOf } from '../auth/resets.repository.ts';
import { deleteSessionsOf } from '../auth/sessions.repository.ts';
import type { Trx } from '../db/client.ts';
import { AppError } from '../http/errors.ts';
import { revokeInvitesOf } from '../invites/invites.repository.ts';
import { revokeShares } from '../shares/shares.repository.ts';
import { deleteTokensOf } from '../tokens/tokens.repository.ts';
import type { LockedAccount } from './users.repository.ts';

/**
 * Ends every way of a user into the library, and of others through the user. These are sessions,
 * API tokens, reset links, open invites and shares. The caller holds the account.
 */
export async function endAccess(trx: Trx, id: string): Promise<void> {
  await deleteSessionsOf(trx, id);
  await deleteTokensOf(trx, id);
  await deleteResetsOf(trx, id);
  await revokeInvitesOf(trx, id);
  await revokeShares(trx, id);
}

/**
 * Throws `last_admin` if nobody else is an enabled admin.
 *
 * @param locked that account and every enabled admin
 */
export function keepAnAdmin(locked: readonly LockedAccount[], id: string): void {
  const admins = locked.filter((one) => one.role === 'admin' && one.disabled_at === null);
  if (admins.length === 1 && admins[0]?.id === id)
    throw new AppError('last_admin', 'This is the last admin. Make another user an admin first.');
}
