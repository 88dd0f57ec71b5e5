import { user } from '../auth/auth.schema.ts';
import { issueReset } from '../auth/resets.service.ts';
import type { SessionUser } from '../http/env.ts';
import type { Database, Trx } from '../db/client.ts';
import { inTransaction } from '../db/transaction.ts';
import { requireEnabled } from '../http/access.ts';
import { AppError } from '../http/errors.ts';
import { endAccess, keepAnAdmin } from './end-access.service.ts';
import {
  listUsers,
  findUser,
  lockWithAdmins,
  setDisabled,
  setRole,
  type LockedAccount,
  type UserRow,
} from './users.repository.ts';
import type { UserDetails, UserPatch } from './users.schema.ts';

export interface Users {
  list(): Promise<UserDetails[]>;
  /**
   * Changes a role, disables or enables a user. Decides under locks on the accounts. Disabling ends
   * the user's sessions, API tokens, reset links, open invites and shares at once; items stay.
   *
   * Errors: `not_found`; `last_admin` (one enabled admin must remain); `not_signed_in` and
   * `not_allowed` (the admin was disabled or demoted meanwhile).
   *
   * @param by the requesting admin; `null` for the operator
   */
  update(id: string, patch: UserPatch, by: Actor | null): Promise<UserDetails>;
  /**
   * Creates the code of a one-time reset link. Errors: `not_found`, `not_allowed` (also for a
   * disabled user), `not_signed_in`.
   */
  resetCode(id: string, by: Actor): Promise<{ code: string; expiresAt: string }>;
}

type Actor = Pick<SessionUser, 'id'>;

export function createUsers(db: Database): Users {
  return {
    list: async () => (await listUsers(db)).map(toUserDetails),

    update: (id, patch, by) =>
      inTransaction(db, async (trx) => {
        const locked = await lockWithAdmins(trx, by ? [id, by.id] : [id]);
        requireAdmin(locked, by);
        if (patch.role === 'member' || patch.disabled === true) keepAnAdmin(locked, id);
        await requireUser(trx, id);
        if (patch.role !== undefined) await setRole(trx, id, patch.role);
        if (patch.disabled !== undefined) await setDisabled(trx, id, patch.disabled);
        if (patch.disabled === true) await endAccess(trx, id);
        return toUserDetails(await requireUser(trx, id));
      }),

    resetCode: (id, by) =>
      inTransaction(db, async (trx) => {
        requireAdmin(await lockWithAdmins(trx, [id, by.id]), by);
        const user = await requireUser(trx, id);
        if (user.disabled_at)
          throw new AppError('not_allowed', 'A disabled user gets no reset link. Enable the user first.');
        return issueReset(trx, id);
      }),
  };
}

/** Checks the requesting admin under the lock. The operator may do everything. */
function requireAdmin(locked: readonly LockedAccount[], by: Actor | null): void {
  if (by === null) return;
  const { role } = requireEnabled(locked.find(({ id }) => id === by.id));
  if (role !== 'admin') throw new AppError('not_allowed', 'Only an admin may do that.');
}

async function requireUser(db: Database | Trx, id: string): Promise<UserRow> {
  const row = await findUser(db, id);
  if (!row) throw new AppError('not_found', 'There is no such user.');
  return row;
}

const toUserDetails = (row: UserRow): UserDetails => ({
  ...user.parse(row),
  disabledAt: row.disabled_at?.toISOString() ?? null,
  createdAt: row.created_at.toISOString(),
  lastSeenAt: row.last_seen_at?.toISOString() ?? null,
});
