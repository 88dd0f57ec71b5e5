import { join } from 'node:path';
import type { Selectable, Updateable } from 'kysely';
import type { Logger } from 'pino';
import type { Database, Trx } from '../../db/client.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { Media } from '../../db/schema.gen.ts';
import type { JobContext, JobQueue } from '../../jobs/queue.ts';
import type { Storage } from '../../storage/storage.ts';
import { streamToFile } from '../../util/stream-to-file.ts';
import { inTempFolder } from '../../util/temp-folder.ts';
import { discardLater } from '../discard.service.ts';
import { missesWords } from '../formats/thumbnail.ts';
import { remakeThumbnailJob, STAGE_JOBS } from '../media.jobs.ts';
import { keysOf } from '../media.repository.ts';
import { stageName, type StageName } from '../media.schema.ts';
import { storeObjects, discardObjects, ownedBy, type ObjectFile } from '../../storage/objects.ts';
import {
  closeStage,
  findRun,
  findStageSource,
  isCurrent,
  lockMedia,
  insertStages,
  recordFailure,
  updateMediaState,
  type StageEntry,
  type StageRun,
} from './stages.repository.ts';
import { isFailureCode, type FailureCode } from './failures.schema.ts';

export interface StageDeps {
  db: Database;
  storage: Storage;
  jobs: JobQueue;
  /** Folder for temporary files. */
  directory: string;
}

/** Input of a stage: the item as it was when the run began, and a temporary folder of its own. */
export interface StageInput {
  row: Selectable<Media>;
  /** The original as a local file. */
  source: string;
  folder: string;
  signal: AbortSignal;
}

/** Output of a stage: files to store as objects, and columns that name them or hold findings. */
export type StageResult =
  | { objects?: readonly ObjectFile[]; values: Updateable<Media> }
  /** Nothing could be done now. The item counts as ready, and the stage is resumed later. */
  | { skip: FailureCode };

/**
 * A failure with a code, for which clients have words. A `permanent` one is not retried: the same
 * file fails the same way. Details are in `cause`, for the log.
 */
export class StageError extends Error {
  override readonly name = 'StageError';
  readonly code: FailureCode;
  readonly permanent: boolean;

  constructor(code: FailureCode, options: { permanent: boolean; cause?: unknown }) {
    super(`The stage failed with the code ${code}.`, { cause: options.cause });
    this.code = code;
    this.permanent = options.permanent;
  }
}

/** Inserts stages and enqueues the jobs of the pending ones, in the caller's transaction. */
export async function startStages(
  trx: Trx,
  jobs: JobQueue,
  mediaId: string,
  entries: readonly StageEntry[],
): Promise<void> {
  for (const { stage, token } of await insertStages(trx, mediaId, entries))
    await jobs.enqueue(trx, STAGE_JOBS[stage], { mediaId, token });
}

/** Returns the entry of a pending stage. */
export const pending = (stage: StageName): StageEntry => ({ stage, state: 'pending' });

/**
 * Executes one run of a stage. Safe to run twice and anywhere.
 *
 * One transaction adopts the results, only if the run is still current. Otherwise, or after an
 * error, the new objects are discarded. A run of a deleted item or a replaced file counts as done.
 */
export async function runStage(
  deps: StageDeps,
  run: StageRun,
  context: JobContext,
  work: (input: StageInput) => Promise<StageResult>,
): Promise<void> {
  const { db } = deps;
  if (!(await isCurrent(db, run))) return;
  const found = await openSource(deps, run.mediaId);
  if (!found) return;
  const { row, bytes } = found;
  await inTempFolder(deps.directory, 'stage-', async (folder) => {
    try {
      if (!bytes) throw new StageError('original', { permanent: false });
      const source = join(folder, 'source');
      await streamToFile(bytes, source, context.signal);
      const result = await work({ row, source, folder, signal: context.signal });
      context.signal.throwIfAborted();
      await adopt(deps, run, result, context.logger);
    } catch (error) {
      await handleFailure(db, run, error, context);
    }
  });
}

/**
 * Finds an item and opens its original; `bytes` is null if the storage has lost it. Between the
 * reads of row and file, the item may get a new address.
 */
async function openSource({ db, storage }: StageDeps, mediaId: string) {
  for (let lost: string | null = null; ;) {
    const row = await findStageSource(db, mediaId);
    if (!row) return null;
    const bytes = await storage.read(row.object_key);
    if (bytes || row.object_key === lost) return { row, bytes };
    lost = row.object_key;
  }
}

async function adopt(
  { db, storage, jobs }: StageDeps,
  run: StageRun,
  result: StageResult,
  logger: Logger,
): Promise<void> {
  const objects =
    'skip' in result ? [] : ownedBy(run.mediaId, result.objects ?? [], literalKeys(result.values));
  await storeObjects(storage, objects, logger);
  // A failed transaction may have committed unnoticed, so the sweep decides about its objects.
  const unused = await inTransaction(db, async (trx) => {
    const before = await lockMedia(trx, run.mediaId);
    const [state, note] = 'skip' in result ? (['skipped', result.skip] as const) : (['done', null] as const);
    if (!before || !(await closeStage(trx, run, state, note))) return objects.map(({ key }) => key);
    const values = 'skip' in result ? {} : withoutEditedText(result.values, before);
    const now = await updateMediaState(trx, run.mediaId, values);
    const kept = new Set(keysOf({ ...before, ...literalKeys(values) }));
    const replaced = keysOf(before).filter((key) => !kept.has(key));
    await discardLater(jobs, trx, replaced);
    if (now && missesWords(now)) await jobs.enqueue(trx, remakeThumbnailJob, { mediaId: run.mediaId });
    return replaced;
  });
  // Objects that this run replaced, or created in vain.
  await discardObjects(storage, unused, logger);
}

/** Keeps a text that a user has edited, even meanwhile. */
function withoutEditedText(values: Updateable<Media>, { text_edited }: Selectable<Media>): Updateable<Media> {
  const { text: _text, ...rest } = values;
  return text_edited ? rest : values;
}

/** Returns the key columns among new values; these are always plain strings or null. */
function literalKeys(values: Updateable<Media>) {
  const literal = (value: unknown) => (typeof value === 'string' || value === null ? value : undefined);
  const entries = (['thumb_key', 'large_key', 'poster_key', 'preview_key', 'playback_key'] as const)
    .map((column) => [column, literal(values[column])] as const)
    .filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries);
}

/** Records the failure and rethrows for another try, unless no try would help. */
async function handleFailure(
  db: Database,
  run: StageRun,
  error: unknown,
  { signal, lastTry, logger }: JobContext,
): Promise<void> {
  // A stopping process says nothing about the item: the queue retries the job elsewhere.
  if (signal.aborted) throw error;
  const failure = error instanceof StageError ? error.code : run.stage;
  if (error instanceof StageError && error.permanent) {
    logger.warn({ err: error, run }, 'stage failed for good');
    return failRun(db, run, failure);
  }
  if (lastTry) await failRun(db, run, failure);
  else await recordFailure(db, run, failure);
  throw error;
}

async function failRun(db: Database, run: StageRun, failure: FailureCode): Promise<void> {
  await inTransaction(db, async (trx) => {
    if (!(await lockMedia(trx, run.mediaId))) return;
    if (await closeStage(trx, run, 'failed', failure)) await updateMediaState(trx, run.mediaId);
  });
}

/** Marks a run without remaining tries as failed. Does nothing if the last try has done so. */
export async function markFailed(db: Database, { mediaId, token }: Omit<StageRun, 'stage'>): Promise<void> {
  await inTransaction(db, async (trx) => {
    if (!(await lockMedia(trx, mediaId))) return;
    const found = await findRun(trx, mediaId, token);
    if (!found) return;
    const stage = stageName.parse(found.stage);
    const failure = found.failure !== null && isFailureCode(found.failure) ? found.failure : stage;
    if (await closeStage(trx, { mediaId, stage, token }, 'failed', failure))
      await updateMediaState(trx, mediaId);
  });
}
