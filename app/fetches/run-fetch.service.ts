import { ERROR_STATUS, type ErrorCode } from '../http/errors.schema.ts';
import { AppError, toAppError } from '../http/errors.ts';
import type { ReceiveBudget } from '../http/receive-budget.ts';
import type { JobContext } from '../jobs/queue.ts';
import type { Uploads } from '../media/upload.service.ts';
import { createFetchProgress } from './fetch-progress.ts';
import {
  beginFetch,
  failFetch,
  finishFetch,
  updateFetch,
  type BegunFetch,
  type FetchRun,
} from './fetches.repository.ts';
import { goOn, requireFetching, type Fetches, type FetchesDeps } from './fetches.service.ts';
import { findFile } from './find-file.ts';
import type { FetchNetwork } from './network.ts';
import { readAddress } from './read-address.ts';
import { openResponse } from './response-form.ts';

export interface RunFetchDeps extends Pick<FetchesDeps, 'db' | 'jobs'> {
  fetches: Pick<Fetches, 'enabled'>;
  network: FetchNetwork;
  uploads: Uploads;
  upload: { maxBytes: number; budget: ReceiveBudget };
}

/** A run whose fetch has ended otherwise: given up, expired, or done by another run. */
class StaleRunError extends AppError {
  constructor(cause?: unknown) {
    super('not_found', 'The fetch has ended otherwise.', { cause });
  }
}

/**
 * Runs one fetch to its end: an item, or a failure that its user sees. Afterwards the next fetch of
 * the user may begin.
 *
 * Throws for a failure of ours, so that the job is tried again. The last try ends as a failure,
 * too.
 */
export async function runFetch(
  deps: RunFetchDeps,
  { userId, ...run }: FetchRun & { userId: string },
  context: JobContext,
): Promise<void> {
  const begun = await beginFetch(deps.db, run);
  if (begun) {
    try {
      await addFile(deps, run, begun, context);
    } catch (error) {
      // The row of a stale run has ended. If it has not, its user was disabled meanwhile.
      if (error instanceof StaleRunError) await failFetch(deps.db, run, 'not_allowed' satisfies ErrorCode);
      else await endFailed(deps, run, error, context);
    }
  }
  await goOn(deps, userId);
}

/** Ends a fetch whose last try has ended without an answer. */
export async function giveUpFetch(
  deps: Pick<FetchesDeps, 'db' | 'jobs'>,
  { userId, ...run }: FetchRun & { userId: string },
): Promise<void> {
  await failFetch(deps.db, run, 'unavailable' satisfies ErrorCode);
  await goOn(deps, userId);
}

/** Records a failure, or throws it for the next try. */
async function endFailed(
  { db }: RunFetchDeps,
  run: FetchRun,
  thrown: unknown,
  { signal, lastTry, logger }: JobContext,
): Promise<void> {
  // The process stops, or another one has the job.
  if (signal.aborted) throw thrown;
  const { code, details } = toAppError(thrown);
  if (ERROR_STATUS[code] >= 500) {
    if (!lastTry) throw thrown;
    logger.error({ err: thrown }, 'fetch failed');
  }
  await failFetch(db, run, code, details?.id);
}

/**
 * Fetches the file and adds it. The transaction of the item ends the fetch, so that no retry adds
 * it again.
 */
async function addFile(
  deps: RunFetchDeps,
  run: FetchRun,
  begun: BegunFetch,
  { signal, logger }: JobContext,
): Promise<void> {
  const { db, uploads, upload } = deps;
  requireFetching(deps.fetches.enabled);
  if (begun.disabled_at !== null) throw new AppError('not_allowed', 'This user is disabled.');
  const by = {
    sessionId: run.id,
    id: begun.user_id,
    username: begun.username,
    // As at the request, but no more than today.
    role: begun.role === 'admin' && begun.user_role === 'admin' ? ('admin' as const) : ('member' as const),
  };
  const deadline = deps.network.deadline();
  await using progress = createFetchProgress(db, run, logger);
  const ended = AbortSignal.any([signal, progress.gone, deadline]);
  /** Gives the reason of an abort as the error of the work that it ended. */
  const inTime = async <T>(work: Promise<T>, isWaiting = () => false): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      if (signal.aborted) throw error;
      if (progress.gone.aborted) throw new StaleRunError(error);
      if (deadline.aborted) throw isWaiting() ? tooBusy(error) : tooSlow(error);
      throw error;
    }
  };

  const found = await inTime(findFile(readAddress(begun.url), deps.network, ended));
  using arriving = openResponse(found, {
    ...upload,
    userId: begun.user_id,
    signal: ended,
    onProgress: (received, total) => progress.note(received, total),
  });
  await using file = await inTime(uploads.receive(arriving.form), () => arriving.isWaiting());
  const sizes = { received_size: file.byteSize, total_size: file.byteSize };
  if (!(await updateFetch(db, run, { ...sizes, state: 'storing' }))) throw new StaleRunError();
  progress.note(file.byteSize, file.byteSize);
  await uploads.add({
    file,
    by,
    title: begun.title,
    tags: begun.tags,
    async alongside(trx, id) {
      if (!(await finishFetch(trx, run, id))) throw new StaleRunError();
    },
  });
}

const tooSlow = (cause: unknown) =>
  new AppError('address_too_slow', 'The site was too slow: the file did not arrive in time.', { cause });

const tooBusy = (cause: unknown) =>
  new AppError('unavailable', 'Other uploads took all the room. Try again in a moment.', { cause });
