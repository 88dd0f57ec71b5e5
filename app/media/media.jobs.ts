import { z } from 'zod';
import { defineJob } from '../jobs/queue.ts';

/** Reads the words of one item. Tried again 4 times over about 5 minutes; a try may take 2. */
export const readTextJob = defineJob({
  name: 'media.read-text',
  payload: z.object({ mediaId: z.uuid() }),
  retryLimit: 4,
  retryDelay: 10,
  expireInSeconds: 120,
  concurrency: 1,
});
