import { z } from 'zod';
import { defineJob } from '../jobs/queue.ts';

/**
 * Gives away what closed accounts leave, and deletes them: after a closing, and every minute for
 * one that was interrupted. 100,000 items take minutes.
 */
export const closeAccountsJob = defineJob({
  name: 'account.close',
  payload: z.object({}),
  retryLimit: 10,
  retryDelay: 5,
  expireInSeconds: 3600,
  concurrency: 1,
  cron: '* * * * *',
});
