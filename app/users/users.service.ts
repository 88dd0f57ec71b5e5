import { user } from '../auth/auth.schema.ts';
import { deleteResetsOf } from '../auth/resets.repository.ts';
import { issueReset } from '../auth/resets.service.ts';
import { deleteSessionsOf } from '../auth/sessions.repository.ts';
import type { Database, Trx } from '../db/client.ts';
import { inTransaction } from '../db/transaction.ts';
import { AppError } from '../http/errors.ts';
import { revokeInvitesOf } from '../invites/invites.repository.ts';
import {
  findPeople,
  findPerson,
  lockActiveAdmins,
  setDisabled,
  setRole,
  type PersonRow,
} from './users.repository.ts';
import type { Person, PersonPatch } from './users.schema.ts';

export interface Users {
  list(): Promise<Person[]>;
  /**
   * Changes a role, disables or enables. Disabling ends the person's sessions, reset links and open invites at once; what
   * they added stays. Errors: not_found, last_admin (one who can sign in must remain, whoever else tries at the same time).
   */
  update(id: string, patch: PersonPatch): Promise<Person>;
  /** A one-time link's code for somebody who forgot the password. Errors: not_found. */
  resetCode(id: string): Promise<{ code: string; expiresAt: string }>;
}

export function createUsers(db: Database): Users {
  return {
    list: async () => (await findPeople(db)).map(toPerson),

    update: (id, patch) =>
      inTransaction(db, async (trx) => {
        const takesAway = patch.role === 'member' || patch.disabled === true;
        if (takesAway) await keepAnAdmin(trx, id);
        await requirePerson(trx, id);
        if (patch.role !== undefined) await setRole(trx, id, patch.role);
        if (patch.disabled !== undefined) await setDisabled(trx, id, patch.disabled);
        if (patch.disabled === true) {
          await deleteSessionsOf(trx, id);
          await deleteResetsOf(trx, id);
          await revokeInvitesOf(trx, id);
        }
        return toPerson(await requirePerson(trx, id));
      }),

    resetCode: (id) =>
      inTransaction(db, async (trx) => {
        await requirePerson(trx, id);
        return issueReset(trx, id);
      }),
  };
}

async function keepAnAdmin(trx: Trx, id: string): Promise<void> {
  const admins = await lockActiveAdmins(trx);
  if (admins.length === 1 && admins[0] === id)
    throw new AppError('last_admin', 'This is the last admin. Make somebody else an admin first.');
}

async function requirePerson(db: Database | Trx, id: string): Promise<PersonRow> {
  const row = await findPerson(db, id);
  if (!row) throw new AppError('not_found', 'There is no such person here.');
  return row;
}

const toPerson = (row: PersonRow): Person => ({
  ...user.parse(row),
  disabledAt: row.disabled_at?.toISOString() ?? null,
  createdAt: row.created_at.toISOString(),
  lastSeenAt: row.last_seen_at?.toISOString() ?? null,
});
