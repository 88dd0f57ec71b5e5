import { z } from 'zod';
import { defineJob } from '../jobs/queue.ts';

/**
 * Reindexes items every minute after a release that changes the index. Usually there is no work.
 */
export const backfillJob = defineJob({
  name: 'search.backfill',
  payload: z.object({}),
  retryLimit: 0,
  retryDelay: 1,
  expireInSeconds: 300,
  concurrency: 1,
  cron: '* * * * *',
});
