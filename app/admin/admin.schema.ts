import { z } from 'zod';
import { backupProblem } from '../backup/backup-state.schema.ts';
import { failureCode, mediaKind } from '../media/media.schema.ts';

/** `GET|PATCH /api/admin/settings` */
export const settings = z.object({
  /** If off, only admins invite. Existing invites stay valid. */
  membersMayInvite: z.boolean(),
});
export const settingsPatch = settings.partial();

/** Originals of one user and kind, the trash included. Sizes in bytes. */
export const usageRow = z.object({
  userId: z.uuid(),
  username: z.string(),
  kind: mediaKind,
  items: z.number().int(),
  bytes: z.number().int(),
});

/** One figure of `figures.repository.ts`. */
const figure = z.object({ name: z.string(), unit: z.enum(['count', 'bytes']), value: z.number().int() });

/** The newest whole backup, and what is wrong with the backups. */
const backupFigure = z.object({
  lastAt: z.iso.datetime().nullable(),
  problem: backupProblem.nullable(),
});

/** `GET /api/admin/usage` */
export const usage = z.object({
  rows: z.array(usageRow),
  figures: z.array(figure),
  backup: backupFigure,
});

/** One kind of job, counted a few seconds ago. */
export const queueState = z.object({
  name: z.string(),
  /** Ready to be taken. */
  ready: z.number().int(),
  /** Scheduled for later, usually a retry. */
  delayed: z.number().int(),
  active: z.number().int(),
  /** Failed in the last try, within the days that the queue keeps. */
  failed: z.number().int(),
});

/** An item with a failed job, such as text recognition. */
export const failedItem = z.object({
  id: z.uuid(),
  title: z.string(),
  originalName: z.string(),
  thumbUrl: z.string().nullable(),
  owner: z.string(),
  failure: failureCode,
  updatedAt: z.iso.datetime(),
});

/** `GET /api/admin/jobs`: the queues, and the latest failed items (at most 100). */
export const jobsState = z.object({ queues: z.array(queueState), failed: z.array(failedItem) });

/** `POST /api/admin/jobs/retry`: one failed item, all failed items (`{}`), or every item. */
export const retryRequest = z.union([
  z.strictObject({ id: z.uuid().optional() }),
  z.strictObject({ everything: z.literal(true) }),
]);
export const retryResult = z.object({ count: z.number().int() });

export type BackupFigure = z.infer<typeof backupFigure>;
export type RetryRequest = z.infer<typeof retryRequest>;
export type Settings = z.infer<typeof settings>;
export type UsageRow = z.infer<typeof usageRow>;
export type QueueState = z.infer<typeof queueState>;
export type FailedItem = z.infer<typeof failedItem>;
export type JobsState = z.infer<typeof jobsState>;
