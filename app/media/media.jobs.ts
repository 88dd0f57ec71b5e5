import { z } from 'zod';
import { defineJob } from '../jobs/queue.ts';
import type { StageName } from './media.schema.ts';

/** One run of one stage of an item; `token` is the run's, so that a job of an earlier run knows it is stale. */
const stageRun = z.object({ mediaId: z.uuid(), token: z.uuid() });

/** Says `failed` for a run whose tries are used up, also when the process died in the last of them. */
export const markFailedJob = defineJob({
  name: 'media.give-up',
  payload: stageRun,
  retryLimit: 10,
  retryDelay: 5,
  expireInSeconds: 30,
  concurrency: 1,
});

const stage = { payload: stageRun, retryDelay: 2, afterFailure: markFailedJob } as const;

/** Thumbnail and placeholder; for a video also the poster. Seconds of work. */
export const thumbnailJob = defineJob({
  ...stage,
  name: 'media.thumbnail',
  retryLimit: 5,
  expireInSeconds: 90,
  concurrency: 1,
});

/** The short, silent clip an animation shows on hover. */
export const previewJob = defineJob({
  ...stage,
  name: 'media.preview',
  retryLimit: 3,
  expireInSeconds: 120,
  concurrency: 1,
});

/** An MP4 every browser plays, of a video that not all do. Minutes of work. */
export const playbackJob = defineJob({
  ...stage,
  name: 'media.playback',
  retryLimit: 2,
  expireInSeconds: 1200,
  concurrency: 1,
});

/** Reads the words of one item. Tried again 6 times over about 2 minutes; a try may take 2. */
export const readTextJob = defineJob({
  ...stage,
  name: 'media.read-text',
  retryLimit: 6,
  expireInSeconds: 150,
  concurrency: 1,
});

/** The job that does a stage. */
export const STAGE_JOBS = {
  thumbnail: thumbnailJob,
  preview: previewJob,
  playback: playbackJob,
  text: readTextJob,
} as const satisfies Record<StageName, unknown>;

const nothing = z.object({});

/** Every minute: pictures that waited for a text reader get their turn once there is one. */
export const resumeTextJob = defineJob({
  name: 'media.resume-text',
  payload: nothing,
  retryLimit: 0,
  retryDelay: 1,
  expireInSeconds: 60,
  concurrency: 1,
  cron: '* * * * *',
});

/** Every night: the trash of 30 days ago, objects no row names, forgotten temporary files. */
export const housekeepingJob = defineJob({
  name: 'media.housekeeping',
  payload: nothing,
  retryLimit: 2,
  retryDelay: 60,
  expireInSeconds: 3600,
  concurrency: 1,
  cron: '17 3 * * *',
});
