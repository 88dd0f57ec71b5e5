import { z } from 'zod';
import { defineJob } from '../jobs/queue.ts';

/** Reads the words of one item. Tried again 6 times over about 2 minutes; a try may take 2. */
export const readTextJob = defineJob({
  name: 'media.read-text',
  payload: z.object({ mediaId: z.uuid() }),
  retryLimit: 6,
  retryDelay: 2,
  expireInSeconds: 120,
  concurrency: 1,
});
