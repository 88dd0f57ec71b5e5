import { z } from 'zod';
import { defineJob } from '../jobs/queue.ts';
import type { StageName } from './media.schema.ts';

/**
 * One run of one stage. `token` identifies the run, so that a job of an earlier run knows it is
 * stale.
 */
const stageRun = z.object({ mediaId: z.uuid(), token: z.uuid() });

/** Marks a run without remaining tries as failed, even if the process died in the last try. */
export const markFailedJob = defineJob({
  name: 'media.give-up',
  payload: stageRun,
  retryLimit: 10,
  retryDelay: 5,
  expireInSeconds: 30,
  concurrency: 1,
});

const stage = { payload: stageRun, retryDelay: 2, afterFailure: markFailedJob } as const;

/** Makes thumbnail and placeholder, and a video's poster. Takes seconds. */
export const thumbnailJob = defineJob({
  ...stage,
  name: 'media.thumbnail',
  retryLimit: 5,
  expireInSeconds: 90,
  concurrency: 1,
});

/** Makes the short, silent clip that an animation shows on hover. */
export const previewJob = defineJob({
  ...stage,
  name: 'media.preview',
  retryLimit: 3,
  expireInSeconds: 120,
  concurrency: 1,
});

/** Makes an MP4 that every browser plays, of a video that some do not. Takes minutes. */
export const playbackJob = defineJob({
  ...stage,
  name: 'media.playback',
  retryLimit: 2,
  expireInSeconds: 1200,
  concurrency: 1,
});

/**
 * Recognises the words of one item. Retries 6 times over about 2 minutes; a try may take 2 minutes.
 */
export const readTextJob = defineJob({
  ...stage,
  name: 'media.read-text',
  retryLimit: 6,
  expireInSeconds: 150,
  concurrency: 1,
});

/** Stage → its job. */
export const STAGE_JOBS = {
  thumbnail: thumbnailJob,
  preview: previewJob,
  playback: playbackJob,
  text: readTextJob,
} as const satisfies Record<StageName, unknown>;

/**
 * Closes the addresses of trashed items, and opens those of restored ones. Without ids, every
 * minute: all items in a wrong state, after an update, an import or a failed job.
 */
export const syncAddressesJob = defineJob({
  name: 'media.sync-addresses',
  payload: z.object({ ids: z.array(z.uuid()).optional() }),
  retryLimit: 10,
  retryDelay: 2,
  expireInSeconds: 600,
  concurrency: 1,
  cron: '* * * * *',
});

/**
 * Makes the thumbnail of one item again, by the recipe of this release and the place of the words.
 * Retries for an hour.
 */
export const remakeThumbnailJob = defineJob({
  name: 'media.remake-thumbnail',
  payload: z.object({ mediaId: z.uuid() }),
  retryLimit: 7,
  retryDelay: 30,
  expireInSeconds: 120,
  concurrency: 1,
});

/**
 * Every minute: plans the next thumbnails to make again after a release that changes them. Usually
 * there is no work.
 */
export const planRemakesJob = defineJob({
  name: 'media.plan-remakes',
  payload: z.object({}),
  retryLimit: 0,
  retryDelay: 1,
  expireInSeconds: 60,
  concurrency: 1,
  cron: '* * * * *',
});

/**
 * Records the hash of the stored original of one item, and its fingerprint. The item is of an older
 * release, or an animation or a video.
 */
export const hashContentJob = defineJob({
  name: 'media.hash-content',
  payload: z.object({ mediaId: z.uuid() }),
  retryLimit: 7,
  retryDelay: 30,
  expireInSeconds: 300,
  concurrency: 1,
});

/**
 * Every minute: plans the next items of older releases to hash. Usually there is no work.
 */
export const planHashesJob = defineJob({
  name: 'media.plan-hashes',
  payload: z.object({}),
  retryLimit: 0,
  retryDelay: 1,
  expireInSeconds: 60,
  concurrency: 1,
  cron: '* * * * *',
});

/**
 * Every minute: groups the next items of the library that are the same meme. Usually there are only
 * new items.
 */
export const findDuplicatesJob = defineJob({
  name: 'media.find-duplicates',
  payload: z.object({}),
  retryLimit: 0,
  retryDelay: 1,
  expireInSeconds: 300,
  concurrency: 1,
  cron: '* * * * *',
});

/** Deletes objects that no row names any more. */
export const discardObjectsJob = defineJob({
  name: 'media.discard-objects',
  payload: z.object({ keys: z.array(z.string()) }),
  retryLimit: 10,
  retryDelay: 2,
  expireInSeconds: 600,
  concurrency: 1,
});

/** Deletes the rest of an emptied trash: the items that were in it before this moment. */
export const emptyTrashJob = defineJob({
  name: 'media.empty-trash',
  payload: z.object({ ownerId: z.uuid().nullable(), before: z.iso.datetime() }),
  retryLimit: 10,
  retryDelay: 2,
  expireInSeconds: 3600,
  concurrency: 1,
});

const nothing = z.object({});

/** Every minute: resumes pictures that waited for a text reader, once there is one. */
export const resumeTextJob = defineJob({
  name: 'media.resume-text',
  payload: nothing,
  retryLimit: 0,
  retryDelay: 1,
  expireInSeconds: 60,
  concurrency: 1,
  cron: '* * * * *',
});

/** Every night: purges the trash of 30 days ago, orphaned objects and leftover temporary files. */
export const housekeepingJob = defineJob({
  name: 'media.housekeeping',
  payload: nothing,
  retryLimit: 2,
  retryDelay: 60,
  expireInSeconds: 3600,
  concurrency: 1,
  cron: '17 3 * * *',
});
