import { Hono } from 'hono';
import { backupJob } from '../backup/backup.jobs.ts';
import type { Database } from '../db/client.ts';
import { inTransaction } from '../db/transaction.ts';
import { open } from '../http/access.ts';
import type { AppEnv } from '../http/env.ts';
import { AppError } from '../http/errors.ts';
import { limitBody } from '../http/limit-body.ts';
import type { JobQueue } from '../jobs/queue.ts';
import { housekeepingJob } from '../media/media.jobs.ts';

export interface NightlyDeps {
  db: Database;
  jobs: JobQueue;
  isNightlyToken: (given: string) => boolean;
}

/** The header of the nightly trigger's token. */
const TOKEN_HEADER = 'x-nightly-token';

/**
 * `/api/nightly`: wakes a container that sleeps at night, and enqueues the work of the night. The
 * platform's cron trigger sends it. Running it twice does nothing twice.
 */
export const nightlyRoutes = ({ db, jobs, isNightlyToken }: NightlyDeps) =>
  new Hono<AppEnv>().post(
    '/',
    open({
      summary: 'Start the backup and the cleanup of the night, by the token of the trigger',
      scope: 'none',
      answers: { 204: null },
      errors: ['wrong_credentials'],
    }),
    limitBody(1000),
    async (c) => {
      if (!isNightlyToken(c.req.header(TOKEN_HEADER) ?? ''))
        throw new AppError('wrong_credentials', 'The token of the nightly trigger is wrong.');
      await inTransaction(db, async (trx) => {
        await jobs.enqueue(trx, backupJob, {});
        await jobs.enqueue(trx, housekeepingJob, {});
      });
      return c.body(null, 204);
    },
  );
