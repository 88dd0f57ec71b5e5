import { z } from 'zod';
import { defineJob } from '../jobs/queue.ts';

/** The moment of the nightly backup, in UTC. */
export const NIGHTLY = { hour: 2, minute: 30 } as const;

/** Makes the nightly backup, in one process of all. It takes seconds to minutes. */
export const backupJob = defineJob({
  name: 'backup.nightly',
  payload: z.object({}),
  retryLimit: 5,
  retryDelay: 60,
  expireInSeconds: 3600,
  concurrency: 1,
  cron: `${NIGHTLY.minute} ${NIGHTLY.hour} * * *`,
  exclusive: true,
});
