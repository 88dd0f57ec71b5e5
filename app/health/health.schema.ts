import { z } from 'zod';

/** `GET /api/health` */
export const healthStatus = z.object({ status: z.literal('ok'), revision: z.string() });

const problem = z.string().nullable();

/** `GET /api/ready`: `null` for each part that works. */
export const readiness = z.object({
  ready: z.boolean(),
  database: problem,
  storage: problem,
  storageAdvice: problem,
  textReader: problem,
  backup: problem,
  /** Jobs whose last try failed within a day. */
  jobs: problem,
  /** The moment of the newest whole backup. */
  lastBackup: z.iso.datetime().nullable(),
});
