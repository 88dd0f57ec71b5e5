import { randomUUID } from 'node:crypto';
import type { Database, Trx } from '../db/client.ts';
import { inTransaction } from '../db/transaction.ts';
import { AppError } from '../http/errors.ts';
import { lockUser, updatePassword } from './auth.repository.ts';
import { mayLackPasskey } from './admin-passkey.ts';
import { user, type ResetInfo } from './auth.schema.ts';
import { hashNewPassword, type SignedIn } from './auth.service.ts';
import type { Devices } from './devices.ts';
import { deleteResetsOf, findReset, insertReset, useReset } from './resets.repository.ts';
import { hashCode, newCode } from './secret-code.ts';
import type { Sessions } from './sessions.service.ts';
import { deletePasskeysOf } from '../passkeys/passkeys.repository.ts';
import { deleteTokensOf } from '../tokens/tokens.repository.ts';

export interface Resets {
  /**
   * Returns the account of a reset link. Errors (here and below): `reset_unknown`, `reset_used`,
   * `reset_expired`.
   */
  check(code: string): Promise<ResetInfo>;
  /**
   * Sets the password, ends every session, API token and passkey, and opens a new session. The
   * passkeys of an admin of whom one is required stay, and the session lacks one. Errors:
   * `password_common`.
   */
  use(code: string, password: string, userAgent: string): Promise<SignedIn>;
}

/**
 * Creates the reset links.
 *
 * @param requireAdminPasskey whether the folder requires a passkey of admins
 */
export function createResets(
  db: Database,
  sessions: Sessions,
  devices: Devices,
  requireAdminPasskey: boolean,
): Resets {
  return {
    async check(code) {
      const { username, expiresAt } = await requireOpen(db, code);
      return { username, expiresAt: expiresAt.toISOString() };
    },

    async use(code, password, userAgent) {
      const { username, userId } = await requireOpen(db, code);
      const passwordHash = await hashNewPassword(password, username);
      return inTransaction(db, async (trx) => {
        await lockUser(trx, userId);
        // Reads the link and its account's state under the lock.
        const account = await requireOpen(trx, code);
        if (!(await useReset(trx, hashCode(code)))) throw unknownReset();
        await updatePassword(trx, account.userId, passwordHash);
        await sessions.endAll(trx, account.userId);
        await deleteTokensOf(trx, account.userId);
        const { userId: id, role } = account;
        if (mayLackPasskey(requireAdminPasskey, account)) await deletePasskeysOf(trx, id);
        return {
          user: await sessions.asSignedIn(trx, user.parse({ id, username: account.username, role })),
          token: await sessions.open(trx, id, userAgent),
          device: await devices.issue({ id, password_hash: passwordHash }),
        };
      });
    },
  };
}

/**
 * Issues a one-time code for the account, in place of any earlier one. Stores only its hash. The
 * caller holds the account's lock.
 */
export async function issueReset(trx: Trx, userId: string): Promise<{ code: string; expiresAt: string }> {
  const code = newCode();
  await deleteResetsOf(trx, userId);
  const { expiresAt } = await insertReset(trx, { id: randomUUID(), codeHash: hashCode(code), userId });
  return { code, expiresAt: expiresAt.toISOString() };
}

async function requireOpen(db: Database | Trx, code: string) {
  const reset = await findReset(db, hashCode(code));
  if (!reset) throw unknownReset();
  if (reset.usedAt) throw new AppError('reset_used', 'This link was already used.');
  if (reset.expired)
    throw new AppError('reset_expired', 'This link has expired. Ask an admin for a new one.');
  return reset;
}

const unknownReset = () => new AppError('reset_unknown', 'This link is unknown or was revoked.');
