import { z } from 'zod';
import { defineJob } from '../jobs/queue.ts';
import { MAX_SHARE_ITEMS } from './shares.limits.ts';
import { SHARE_CODE } from './shares.schema.ts';

/**
 * Ends the file addresses of items. Without ids, every minute: those of shares that expired and
 * were made to end them.
 */
export const endAddressesJob = defineJob({
  name: 'shares.end-addresses',
  payload: z.object({ ids: z.array(z.uuid()).max(MAX_SHARE_ITEMS).optional() }),
  retryLimit: 10,
  retryDelay: 2,
  expireInSeconds: 600,
  concurrency: 1,
  cron: '* * * * *',
});

/** Discards sharing pictures that no live share shows: after a revocation, and every minute. */
export const endCardsJob = defineJob({
  name: 'shares.end-cards',
  payload: z.object({}),
  retryLimit: 10,
  retryDelay: 2,
  expireInSeconds: 600,
  concurrency: 1,
  cron: '* * * * *',
});

/**
 * Makes the sharing picture of a new share, because some chats wait only seconds for it. A request
 * that comes earlier, or after a failure, makes it itself. The logger hides the code.
 */
export const makeCardJob = defineJob({
  name: 'shares.make-card',
  payload: z.object({ code: z.string().regex(SHARE_CODE) }),
  retryLimit: 2,
  retryDelay: 2,
  expireInSeconds: 120,
  concurrency: 1,
});
