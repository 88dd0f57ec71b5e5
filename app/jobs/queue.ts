import { fromKysely, PgBoss, type JobWithMetadata } from 'pg-boss';
import type { Logger } from 'pino';
import type { z } from 'zod';
import { databaseAddress } from '../db/connection-string.ts';
import type { Trx } from '../db/client.ts';
import type { Trace } from '../util/trace.ts';
import { canListen } from '../db/check-listening.ts';
import { createQueues } from './create-queues.ts';

/** Defines a kind of job, as data. app/job-handlers.ts lists each one once. */
export interface JobDefinition<
  Name extends string = string,
  Payload extends z.ZodType<object> = z.ZodType<object>,
> {
  name: Name;
  payload: Payload;
  /**
   * Maximum number of retries after a failure. The backoff is exponential from `retryDelay`
   * seconds.
   */
  retryLimit: number;
  retryDelay: number;
  /** Time limit of one try in seconds; a longer one counts as failed. */
  expireInSeconds: number;
  /** Jobs that run at once in one process. */
  concurrency: number;
  /** The job that gets the payload after the last failed try, even if a kill ended that try. */
  afterFailure?: JobDefinition<string, Payload>;
  /** Schedule in five cron fields, UTC. One process of all runs the job, with an empty payload. */
  cron?: string;
  /** At most one job waits or runs, in all processes together; a further one is dropped. */
  exclusive?: true;
}

export const defineJob = <const Name extends string, Payload extends z.ZodType<object>>(
  definition: JobDefinition<Name, Payload>,
): JobDefinition<Name, Payload> => definition;

/** Data of a running job besides its payload. */
export interface JobContext {
  /** Aborted when the job's time is up, its claim is lost, or the process stops. */
  signal: AbortSignal;
  /** No retry follows if this try fails. */
  lastTry: boolean;
  logger: Logger;
}

export interface JobHandler {
  definition: JobDefinition;
  /** `null` leaves the jobs to a process that can do them. */
  handle: ((payload: object, context: JobContext) => Promise<void>) | null;
}

/**
 * Binds a handler to a job definition. Parses the payload first.
 *
 * @example
 * handleJob(thumbnailJob, ({ mediaId }, { signal }) => makeThumbnail(mediaId, signal));
 */
export const handleJob = <Payload extends z.ZodType<object>>(
  definition: JobDefinition<string, Payload>,
  handle: (payload: z.output<Payload>, context: JobContext) => Promise<void>,
): JobHandler => ({
  definition,
  handle: (payload, context) => handle(definition.payload.parse(payload), context),
});

/** Numbers of jobs of one kind. */
export interface QueueState {
  name: string;
  /** Ready to be taken. */
  ready: number;
  /** Scheduled for later, usually a retry. */
  delayed: number;
  active: number;
  /** Failed in the last try, within the days that pg-boss keeps. */
  failed: number;
}

export interface JobQueue {
  /**
   * Enqueues a job in the transaction of its row: both are stored or neither is.
   *
   * @param delaySeconds time before the first try
   */
  enqueue<Definition extends JobDefinition>(
    trx: Trx,
    definition: Definition,
    payload: z.infer<Definition['payload']>,
    delaySeconds?: number,
  ): Promise<void>;
  /** Connects and creates the queues; concurrent `enqueue` calls wait for that. */
  start(): Promise<void>;
  /** Returns the counts of every kind of job, some seconds old. */
  state(): Promise<QueueState[]>;
  /** Starts taking jobs. Throws for a definition without a handler, or with two. */
  work(handlers: readonly JobHandler[]): Promise<void>;
  /**
   * Takes no more jobs and aborts the running ones, which are then retried. Waits up to
   * `timeoutMs`.
   */
  stop(timeoutMs: number): Promise<void>;
}

export interface JobQueueOptions {
  /** Most connections of the queue. */
  connections?: number;
  ca?: string | undefined;
  /** Gets a span for each try of a job. */
  trace?: Trace | null;
}

/**
 * A notification wakes workers at once. A retry that becomes due and a lost job send none, so
 * polling finds them.
 */
const POLLING = { pollingIntervalSeconds: 2, notifyPollingIntervalSeconds: 2 };

/**
 * Creates the job queue in PostgreSQL. Ten seconds after a killed process's last sign of life, its
 * job goes to any working process.
 */
export function createJobQueue(
  connectionString: string,
  definitions: readonly JobDefinition[],
  logger: Logger,
  { connections = 5, ca, trace = null }: JobQueueOptions = {},
): JobQueue {
  const address = databaseAddress(connectionString, ca);
  let boss: PgBoss | undefined;
  const stopping = new AbortController();
  let started: Promise<void> | undefined;

  const queue: JobQueue = {
    async enqueue(trx, definition, payload, delaySeconds = 0) {
      await started;
      await running().send(definition.name, definition.payload.parse(payload), {
        db: fromKysely(trx),
        startAfter: delaySeconds,
      });
    },

    async start() {
      const useListenNotify = await canListen(address);
      if (!useListenNotify)
        logger.info(
          'The database delivers no notifications (a pooler in transaction mode?): jobs are polled.',
        );
      boss = new PgBoss({
        ...address,
        // One connection is left for LISTEN.
        max: connections - 1,
        application_name: 'meemikansio jobs',
        useListenNotify,
        superviseIntervalSeconds: 5,
        monitorIntervalSeconds: 5,
        // Our queues are small; the vacuum checks need rights that rented databases do not give.
        monitorVacuum: false,
        reindex: false,
      });
      boss.on('error', (err) => logger.error({ err }, 'job queue'));
      boss.on('warning', (warning) => logger.warn({ warning }, 'job queue'));
      await boss.start();
      await createQueues(boss, definitions);
    },

    async state() {
      const queues = await running().getQueues(definitions.map(({ name }) => name));
      return queues.map((queue) => ({
        name: queue.name,
        ready: queue.readyCount,
        delayed: queue.deferredCount,
        active: queue.activeCount,
        failed: queue.failedCount,
      }));
    },

    async work(handlers) {
      for (const definition of definitions) {
        const mine = handlers.filter((handler) => handler.definition.name === definition.name);
        const [handler] = mine;
        if (!handler || mine.length > 1) {
          throw new Error(
            `Job ${definition.name} has ${mine.length} handlers; list exactly one in app/job-handlers.ts.`,
          );
        }
        const { handle } = handler;
        if (handle === null) continue;
        let worker: string | undefined;
        worker = await running().work(
          definition.name,
          { localConcurrency: handler.definition.concurrency, includeMetadata: true, ...POLLING },
          async (jobs: JobWithMetadata[]) => {
            try {
              for (const job of jobs) await runJob(handle, job);
            } finally {
              // One job often means more: a long queue must not wait for the poll between two jobs.
              if (worker !== undefined) running().notifyWorker(worker);
            }
          },
        );
      }
    },

    async stop(timeoutMs) {
      stopping.abort(new Error('The process is stopping.'));
      await boss?.stop({ graceful: true, timeout: timeoutMs });
    },
  };
  return { ...queue, start: () => (started ??= queue.start()) };

  function running(): PgBoss {
    if (!boss) throw new Error('The job queue is not started.');
    return boss;
  }

  async function runJob(handle: NonNullable<JobHandler['handle']>, job: JobWithMetadata): Promise<void> {
    const log = logger.child({ job: job.name, jobId: job.id, attempt: job.retryCount + 1 });
    const started = performance.now();
    try {
      const work = () =>
        handle(job.data, {
          signal: AbortSignal.any([job.signal, stopping.signal]),
          lastTry: job.retryCount >= job.retryLimit,
          logger: log,
        });
      const attributes = { 'job.name': job.name, 'job.attempt': job.retryCount + 1 };
      await (trace ? trace.run(`job ${job.name}`, 'consumer', attributes, work) : work());
      log.info({ ms: Math.round(performance.now() - started) }, 'job done');
    } catch (err) {
      log.warn({ err, data: job.data }, 'job failed');
      // pg-boss counts the failure and schedules the retry.
      throw err;
    }
  }
}
