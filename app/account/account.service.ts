import { findUserById } from '../auth/auth.repository.ts';
import { wrongPassword } from '../auth/auth.service.ts';
import { verifyPassword } from '../auth/password.ts';
import type { Sessions } from '../auth/sessions.service.ts';
import type { Database } from '../db/client.ts';
import { inTransaction } from '../db/transaction.ts';
import { requireEnabled } from '../http/access.ts';
import type { SessionUser } from '../http/env.ts';
import type { JobQueue } from '../jobs/queue.ts';
import { endCardsJob } from '../shares/shares.jobs.ts';
import { endAccess, keepAnAdmin } from '../users/end-access.service.ts';
import { lockWithAdmins } from '../users/users.repository.ts';
import { closeAccountsJob } from './account.jobs.ts';
import { markClosing } from './account.repository.ts';
import type { CloseRequest } from './account.schema.ts';

export interface OwnAccount {
  /**
   * Closes the user's own account for good. Sessions, API tokens, reset links, open invites and
   * shares end at once. A job then gives the items to an admin, in the trash or outside it, and
   * deletes the account.
   *
   * Needs the password again, so that a stolen session closes none. Errors: `wrong_password`,
   * `not_signed_in`, `last_admin`.
   */
  close(by: SessionUser, wanted: CloseRequest): Promise<void>;
}

export const createOwnAccount = (
  db: Database,
  { sessions, jobs }: { sessions: Pick<Sessions, 'require'>; jobs: JobQueue },
): OwnAccount => ({
  async close(by, { currentPassword, items }) {
    const row = await findUserById(db, by.id);
    if (!row || !(await verifyPassword(currentPassword, row.password_hash))) throw wrongPassword();
    await inTransaction(db, async (trx) => {
      const locked = await lockWithAdmins(trx, [by.id]);
      requireEnabled(locked.find(({ id }) => id === by.id));
      // The checked password may have been changed meanwhile.
      const now = await findUserById(trx, by.id);
      if (now?.password_hash !== row.password_hash) throw wrongPassword();
      await sessions.require(trx, by);
      keepAnAdmin(locked, by.id);
      await markClosing(trx, by.id, items);
      await endAccess(trx, by.id);
      await jobs.enqueue(trx, endCardsJob, {});
      await jobs.enqueue(trx, closeAccountsJob, {});
    });
  },
});
