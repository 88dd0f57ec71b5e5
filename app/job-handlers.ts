import {
  discardObjectsJob,
  emptyTrashJob,
  findDuplicatesJob,
  hashContentJob,
  housekeepingJob,
  markFailedJob,
  planHashesJob,
  planRemakesJob,
  previewJob,
  playbackJob,
  readTextJob,
  remakeThumbnailJob,
  resumeTextJob,
  syncAddressesJob,
  thumbnailJob,
} from './media/media.jobs.ts';
import { syncAddresses, syncAllAddresses, type AddressDeps } from './media/address.service.ts';
import { findDuplicates } from './media/duplicates/groups.service.ts';
import { hashContent, planContentBackfill } from './media/content-backfill.service.ts';
import { housekeeping } from './media/housekeeping.service.ts';
import { purgeEvery } from './media/purge.service.ts';
import { resumeText } from './media/reprocess.service.ts';
import type { StageName } from './media/media.schema.ts';
import { playbackStage } from './media/stages/playback.stage.ts';
import { previewStage } from './media/stages/preview.stage.ts';
import {
  markFailed,
  runStage,
  type StageDeps,
  type StageInput,
  type StageResult,
} from './media/stages/stages.service.ts';
import { planRemakes, remakeThumbnail } from './media/thumbnail-remakes.service.ts';
import { textStage } from './media/stages/text.stage.ts';
import { thumbnailStage, type ThumbnailDeps } from './media/stages/thumbnail.stage.ts';
import { pruneChanges } from './events/events.service.ts';
import { fetchJob, giveUpFetchJob } from './fetches/fetches.jobs.ts';
import { deleteExpiredFetches } from './fetches/fetches.repository.ts';
import { giveUpFetch, runFetch, type RunFetchDeps } from './fetches/run-fetch.service.ts';
import type { TextReader } from './ocr/text-reader.ts';
import {
  handleJob,
  type JobContext,
  type JobDefinition,
  type JobHandler,
  type JobQueue,
} from './jobs/queue.ts';
import { discardPartsJob, finishUploadJob, sweepUploadsJob } from './resumable/resumable.jobs.ts';
import type { Resumables } from './resumable/resumable.service.ts';
import { endAddresses, endExpiredAddresses } from './shares/end-addresses.service.ts';
import { endCards } from './shares/end-cards.service.ts';
import type { SharePages } from './shares/page.service.ts';
import { endAddressesJob, endCardsJob, makeCardJob } from './shares/shares.jobs.ts';
import { closeAccountsJob } from './account/account.jobs.ts';
import { closeAccounts } from './account/closed-accounts.service.ts';
import { runParallel } from './util/run-parallel.ts';
import { backupJob } from './backup/backup.jobs.ts';
import type { NightlyBackups } from './backup/nightly.service.ts';
import { backfillSearch } from './search/backfill.service.ts';
import { backfillJob } from './search/search.jobs.ts';

/** Every kind of job. */
export const jobDefinitions: readonly JobDefinition[] = [
  markFailedJob,
  thumbnailJob,
  previewJob,
  playbackJob,
  readTextJob,
  resumeTextJob,
  housekeepingJob,
  syncAddressesJob,
  discardObjectsJob,
  emptyTrashJob,
  planRemakesJob,
  remakeThumbnailJob,
  planHashesJob,
  hashContentJob,
  findDuplicatesJob,
  giveUpFetchJob,
  fetchJob,
  backfillJob,
  endAddressesJob,
  endCardsJob,
  makeCardJob,
  finishUploadJob,
  discardPartsJob,
  sweepUploadsJob,
  backupJob,
  closeAccountsJob,
];

export interface JobDeps extends StageDeps, ThumbnailDeps, AddressDeps, RunFetchDeps {
  jobs: JobQueue;
  reader: TextReader | null;
  sharePages: SharePages;
  resumables: Resumables;
  backups: NightlyBackups;
}

const MAX_PARALLEL_DELETIONS = 8;

/** Binds each job to its handler. Without a reader, pictures wait for a process that has one. */
export function jobHandlers(deps: JobDeps): JobHandler[] {
  const { reader, db, jobs } = deps;
  const stage =
    (name: StageName, work: (input: StageInput) => Promise<StageResult>) =>
    ({ mediaId, token }: { mediaId: string; token: string }, context: JobContext) =>
      runStage(deps, { mediaId, stage: name, token }, context, work);
  return [
    handleJob(
      thumbnailJob,
      stage('thumbnail', (input) => thumbnailStage(deps, input)),
    ),
    handleJob(
      previewJob,
      stage('preview', (input) => previewStage(deps, input)),
    ),
    handleJob(
      playbackJob,
      stage('playback', (input) => playbackStage(deps, input)),
    ),
    reader === null
      ? { definition: readTextJob, handle: null }
      : handleJob(
          { ...readTextJob, concurrency: reader.concurrency },
          stage('text', (input) => textStage({ ...deps, reader }, input)),
        ),
    handleJob(markFailedJob, (run) => markFailed(db, run)),
    reader === null
      ? { definition: resumeTextJob, handle: null }
      : handleJob(resumeTextJob, async () => void (await resumeText({ db, jobs, reader }))),
    handleJob(backfillJob, async (_nothing, { signal, logger }) => {
      const items = await backfillSearch(db, signal);
      if (items > 0) logger.info({ items }, 'search index updated');
    }),
    handleJob(syncAddressesJob, async ({ ids }, { signal, logger }) => {
      if (ids) return syncAddresses(deps, ids, signal);
      const items = await syncAllAddresses(deps, signal);
      if (items > 0) logger.info({ items }, 'addresses closed or opened');
    }),
    handleJob(discardObjectsJob, async ({ keys }, { signal }) => {
      await runParallel(keys, MAX_PARALLEL_DELETIONS, async (key) => {
        signal.throwIfAborted();
        await deps.storage.delete(key);
      });
    }),
    handleJob(emptyTrashJob, async ({ ownerId, before }, { signal, logger }) => {
      const items = await purgeEvery(deps, { ownerId, before: new Date(before) }, signal);
      logger.info({ items }, 'trash emptied');
    }),
    handleJob(planRemakesJob, async (_nothing, { logger }) => {
      const items = await planRemakes(deps);
      if (items > 0) logger.info({ items }, 'thumbnails to be made again');
    }),
    handleJob(remakeThumbnailJob, ({ mediaId }, context) => remakeThumbnail(deps, mediaId, context)),
    handleJob(planHashesJob, async (_nothing, { logger }) => {
      const items = await planContentBackfill(deps);
      if (items > 0) logger.info({ items }, 'originals to be hashed');
    }),
    handleJob(hashContentJob, ({ mediaId }, context) => hashContent(deps, mediaId, context)),
    handleJob(findDuplicatesJob, async (_nothing, { signal, logger }) => {
      const items = await findDuplicates(db, signal);
      if (items > 0) logger.info({ items }, 'items compared with others');
    }),
    handleJob(fetchJob, (run, context) => runFetch(deps, run, context)),
    handleJob(giveUpFetchJob, (run) => giveUpFetch(deps, run)),
    handleJob(endAddressesJob, async ({ ids }, { signal, logger }) => {
      if (ids) return endAddresses(deps, ids, signal);
      const shares = await endExpiredAddresses(deps);
      if (shares > 0) logger.info({ shares }, 'file addresses of expired shares ended');
    }),
    handleJob(endCardsJob, async (_nothing, { logger }) => {
      const pictures = await endCards(deps);
      if (pictures > 0) logger.info({ pictures }, 'sharing pictures of ended shares discarded');
    }),
    handleJob(makeCardJob, async ({ code }) => {
      const found = await deps.sharePages.find(code, null);
      if (found.state === 'live') await deps.sharePages.card(found.share, null);
    }),
    handleJob(finishUploadJob, ({ id }) => deps.resumables.finishLater(id)),
    handleJob(discardPartsJob, ({ id }) => deps.resumables.discard(id)),
    handleJob(sweepUploadsJob, async (_nothing, { logger }) => {
      const uploads = await deps.resumables.sweep();
      if (uploads > 0) logger.info({ uploads }, 'unfinished uploads removed');
    }),
    handleJob(backupJob, async (_nothing, { signal, logger }) => {
      const made = await deps.backups.makeIfDue(signal);
      if (made) logger.info({ names: made.names, size: made.size, removed: made.removed }, 'backup made');
    }),
    handleJob(closeAccountsJob, async (_nothing, { signal, logger }) => {
      const accounts = await closeAccounts(deps, signal);
      if (accounts > 0) logger.info({ accounts }, 'closed accounts deleted');
    }),
    handleJob(housekeepingJob, async (_nothing, { logger }) => {
      await pruneChanges(db);
      await deleteExpiredFetches(db);
      await housekeeping(deps, logger);
    }),
  ];
}
