import { z } from 'zod';
import { defineJob } from '../jobs/queue.ts';

/** One run of one fetch. A job whose token is not that of the row is stale. */
const fetchRun = z.object({ id: z.uuid(), token: z.uuid(), userId: z.uuid() });

/** Ends a fetch without remaining tries, even if the process died in the last try. */
export const giveUpFetchJob = defineJob({
  name: 'media.fetch-give-up',
  payload: fetchRun,
  retryLimit: 10,
  retryDelay: 5,
  expireInSeconds: 30,
  concurrency: 1,
});

/**
 * Fetches a file from an address and adds it. A failure of the other site is final at once. A retry
 * is for a failure of ours, and after a crash.
 */
export const fetchJob = defineJob({
  name: 'media.fetch',
  payload: fetchRun,
  retryLimit: 2,
  retryDelay: 2,
  expireInSeconds: 300,
  concurrency: 4,
  afterFailure: giveUpFetchJob,
});
