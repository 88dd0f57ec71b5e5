import { z } from 'zod';
import { defineJob } from '../jobs/queue.ts';

/** Every minute: after a release that changes the index, items from before it are indexed anew. Usually there is nothing to do. */
export const backfillJob = defineJob({
  name: 'search.backfill',
  payload: z.object({}),
  retryLimit: 0,
  retryDelay: 1,
  expireInSeconds: 300,
  concurrency: 1,
  cron: '* * * * *',
});
