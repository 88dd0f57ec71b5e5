import { z } from 'zod';
import { mediaKind } from '../media/media.schema.ts';

/** `GET|PATCH /api/admin/settings` */
export const settings = z.object({
  /** Off: only admins invite. Invites made before stay good. */
  membersMayInvite: z.boolean(),
});
export const settingsPatch = settings.partial();

/** Originals of one person and kind, the trash included. Sizes in bytes. */
export const usageRow = z.object({
  userId: z.uuid(),
  username: z.string(),
  kind: mediaKind,
  items: z.number().int(),
  bytes: z.number().int(),
});

/** `GET /api/admin/usage` */
export const usage = z.object({ rows: z.array(usageRow), items: z.number().int(), bytes: z.number().int() });

/** One kind of job, counted a few seconds ago. */
export const queueState = z.object({
  name: z.string(),
  /** Can be taken now. */
  ready: z.number().int(),
  /** Wait for their time, for a retry usually. */
  delayed: z.number().int(),
  active: z.number().int(),
  /** Gave up after the last try, within the days that the queue remembers. */
  failed: z.number().int(),
});

/** An item whose words could not be read, or another job of it not be done. */
export const failedItem = z.object({
  id: z.uuid(),
  title: z.string(),
  originalName: z.string(),
  thumbUrl: z.string().nullable(),
  owner: z.string(),
  failure: z.string(),
  updatedAt: z.iso.datetime(),
});

/** `GET /api/admin/jobs`: the queues, and the latest failed items (at most 100). */
export const jobsState = z.object({ queues: z.array(queueState), failed: z.array(failedItem) });

/** `POST /api/admin/jobs/retry`: one failed item, all that failed (`{}`), or everything there is, failed or not. */
export const retryRequest = z.union([
  z.strictObject({ id: z.uuid().optional() }),
  z.strictObject({ everything: z.literal(true) }),
]);
export const retryResult = z.object({ count: z.number().int() });

export type RetryRequest = z.infer<typeof retryRequest>;
export type Settings = z.infer<typeof settings>;
export type Usage = z.infer<typeof usage>;
export type QueueState = z.infer<typeof queueState>;
export type FailedItem = z.infer<typeof failedItem>;
export type JobsState = z.infer<typeof jobsState>;
