import { z } from 'zod';
import { defineJob } from '../jobs/queue.ts';

/**
 * Makes the item of an upload whose bytes have all come. Usually the request of the last byte has
 * done it. This is for a process that was killed between, and a client that never asks again.
 */
export const finishUploadJob = defineJob({
  name: 'uploads.finish',
  payload: z.object({ id: z.uuid() }),
  retryLimit: 5,
  retryDelay: 30,
  expireInSeconds: 1200,
  concurrency: 1,
});

/** Removes the parts of an upload that has ended. */
export const discardPartsJob = defineJob({
  name: 'uploads.discard',
  payload: z.object({ id: z.uuid() }),
  retryLimit: 10,
  retryDelay: 2,
  expireInSeconds: 600,
  concurrency: 1,
});

/** Every hour: ends the uploads that got no byte for a day, and removes parts without an upload. */
export const sweepUploadsJob = defineJob({
  name: 'uploads.sweep',
  payload: z.object({}),
  retryLimit: 2,
  retryDelay: 60,
  expireInSeconds: 1200,
  concurrency: 1,
  cron: '23 * * * *',
});
