import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { createApp, type AppType } from './app.ts';
import type { Config } from './config.ts';
import { backupJob } from './backup/backup.jobs.ts';
import { unverifiedDatabase } from './db/connection-string.ts';
import { startEmbeddedDatabase, type EmbeddedDatabase } from './db/embedded.ts';
import { migrateToLatest } from './db/migrate.ts';
import { inTransaction } from './db/transaction.ts';
import { isUnavailable } from './db/unavailable.ts';
import { connectDatabase, createDeps } from './deps.ts';
import { ffmpegInstallCommand } from './media/ffmpeg/install-hint.ts';
import { ownerOf } from './media/sweep-guard.service.ts';
import { openTracing } from './tracing/open-tracing.ts';
import { jobHandlers } from './job-handlers.ts';

/**
 * Platforms send SIGKILL 10 s after SIGTERM. Closing connections gets the time left after requests
 * and jobs.
 */
const STOP_JOBS_MS = 4000;
const FIRST_RETRY_MS = 100;
const MAX_RETRY_MS = 5000;

/** The running app behind the listening socket. */
export interface Service {
  /** The HTTP app with its database. */
  app: AppType;
  /** Text to log before the address, with a space at its end; empty if nothing is missing. */
  notice: string;
  /** Ends the event streams, which would hold up the end of the other requests. */
  endStreams(): void;
  /** Returns jobs to the queue and closes every connection, an embedded database last. */
  stop(): Promise<void>;
}

/**
 * Starts database, migrations and jobs. Resolves once requests can be answered; jobs start a moment
 * later. Waits for an unreachable database; throws for any other fault of it.
 *
 * @param failed receives a failure after the return
 * @param stopping ends the waiting; its reason is thrown
 */
export async function startService(
  config: Config,
  logger: Logger,
  failed: (error: unknown) => void,
  stopping: AbortSignal,
): Promise<Service> {
  const embedded = config.database.url
    ? null
    : await startEmbeddedDatabase(join(resolve(config.dataDir), 'postgres'), logger);
  try {
    return await startOn(config, embedded, logger, failed, stopping);
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}

async function startOn(
  config: Config,
  embedded: EmbeddedDatabase | null,
  logger: Logger,
  failed: (error: unknown) => void,
  stopping: AbortSignal,
): Promise<Service> {
  const url = config.database.url ?? embedded?.url ?? '';
  const unverified = config.production ? unverifiedDatabase(url, config.database.ca) : null;
  if (unverified) logger.warn(unverified);
  const tracing = await openTracing(config);
  const db = connectDatabase(config, url, logger, tracing);
  // In parallel: a cold start waits for the database anyway.
  const [deps, applied] = await Promise.all([
    createDeps(config, { db, url, trace: tracing }, logger),
    whenAvailable(() => migrateToLatest(db), logger, stopping),
  ]).catch(async (error: unknown) => {
    await db.destroy();
    throw error;
  });
  const { jobs, reader, stripper, storage } = deps;
  if (applied.length > 0) logger.info({ applied }, 'database migrated');

  const firstStep =
    deps.setupCode && (await deps.accounts.isEmpty()) ? howToBegin(deps.setupCode.printed) : '';
  const working = startJobs();
  working.catch((error: unknown) => {
    if (!stopping.aborted) failed(error);
  });
  return {
    app: createApp(deps),
    notice: `${firstStep}${
      deps.ffmpeg ? '' : `Videos are refused without ffmpeg (${ffmpegInstallCommand()}, then start again). `
    }`,
    endStreams: () => deps.events.close(),
    async stop() {
      // `failed` has reported the error already.
      await working.catch(() => {});
      deps.metrics?.stop();
      await deps.shareOpens.stop();
      await jobs.stop(STOP_JOBS_MS);
      await reader?.stop();
      await stripper.stop();
      await db.destroy();
      await tracing?.stop();
      await rm(deps.tmpDir, { recursive: true, force: true });
      await embedded?.stop();
    },
  };

  async function startJobs(): Promise<void> {
    await jobs.start();
    await jobs.work(jobHandlers({ ...deps, directory: deps.tmpDir }));
    await makeUpBackup();
    const unstored = await storage.healthProblem();
    const warning = await storage.warning();
    if (unstored) logger.error(`Files cannot be stored: ${unstored}`);
    else if (warning) logger.warn(warning);
    if (!unstored) await warnOfCopy();
    const problem = await reader?.problem();
    if (problem) logger.warn(`Text recognition is unavailable: ${problem}`);
  }

  /** Warns when the files belong to another database, such as that of the site itself. */
  async function warnOfCopy(): Promise<void> {
    try {
      const { foreign } = await ownerOf({ db, storage });
      if (foreign) logger.warn(`Nothing is removed from the storage by itself. ${foreign}`);
    } catch (err) {
      logger.warn({ err }, 'the owner of the storage cannot be read');
    }
  }

  /** Makes up for the nightly backup that fell into the sleep of this container. */
  async function makeUpBackup(): Promise<void> {
    try {
      if (await deps.backups.isDue()) await inTransaction(db, (trx) => jobs.enqueue(trx, backupJob, {}));
    } catch (err) {
      // The app works without; /api/ready and the administration page say so.
      logger.error({ err }, 'the backups cannot be listed');
    }
  }
}

/** Says how the operator makes the first account, whatever the level of the log. */
const howToBegin = (code: string | null) =>
  `The first account becomes the administrator and needs the setup code${code === null ? ' of SETUP_CODE' : `: ${code}`} (or run “user create NAME --admin”). `;

/** Retries with growing pauses while the database is unreachable. */
async function whenAvailable<T>(work: () => Promise<T>, logger: Logger, stopping: AbortSignal): Promise<T> {
  for (let wait = FIRST_RETRY_MS; ; wait = Math.min(wait * 2, MAX_RETRY_MS)) {
    stopping.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      logger.warn({ err: error, retryInMs: wait }, 'the database does not answer yet');
      await sleep(wait, undefined, { signal: stopping });
    }
  }
}
