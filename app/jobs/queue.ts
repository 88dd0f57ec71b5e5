import { fromKysely, PgBoss, type JobWithMetadata } from 'pg-boss';
import type { Logger } from 'pino';
import type { z } from 'zod';
import { databaseAddress } from '../db/connection-string.ts';
import type { Trx } from '../db/client.ts';
import { canListen } from '../db/check-listening.ts';

/** A kind of job, as data. Listed once in `jobs/registry.ts`. */
export interface JobDefinition<
  Name extends string = string,
  Payload extends z.ZodType<object> = z.ZodType<object>,
> {
  name: Name;
  payload: Payload;
  /** How often it is tried again after a failure, with exponential backoff from `retryDelay` seconds. */
  retryLimit: number;
  retryDelay: number;
  /** Seconds one try may take before it counts as failed. */
  expireInSeconds: number;
  /** How many run at once in one process. */
  concurrency: number;
  /** The job that gets the payload when every try has failed, also of a process that was killed in its last one. */
  afterFailure?: JobDefinition<string, Payload>;
  /** Runs by itself, with an empty payload, in one process of all: five fields of cron, UTC. */
  cron?: string;
}

export const defineJob = <const Name extends string, Payload extends z.ZodType<object>>(
  definition: JobDefinition<Name, Payload>,
): JobDefinition<Name, Payload> => definition;

/** What a running job knows besides its payload. */
export interface JobContext {
  /** Aborted when the job's time is up, its claim is lost, or the process stops. */
  signal: AbortSignal;
  /** No more tries follow if this one fails. */
  lastTry: boolean;
  logger: Logger;
}

export interface JobHandler {
  definition: JobDefinition;
  /** `null` leaves the jobs waiting for a process that can do them. */
  handle: ((payload: object, context: JobContext) => Promise<void>) | null;
}

/** Binds what does a job to its definition, checking the payload on the way in. */
export const handleJob = <Payload extends z.ZodType<object>>(
  definition: JobDefinition<string, Payload>,
  handle: (payload: z.output<Payload>, context: JobContext) => Promise<void>,
): JobHandler => ({
  definition,
  handle: (payload, context) => handle(definition.payload.parse(payload), context),
});

/** How many jobs of one kind there are. */
export interface QueueState {
  name: string;
  /** Can be taken now. */
  ready: number;
  /** Wait for their time, for a retry usually. */
  delayed: number;
  active: number;
  /** Gave up after the last try, within the days that pg-boss remembers. */
  failed: number;
}

export interface JobQueue {
  /** In the transaction of the row the job serves: both happen or neither does. */
  enqueue<Definition extends JobDefinition>(
    trx: Trx,
    definition: Definition,
    payload: z.infer<Definition['payload']>,
  ): Promise<void>;
  /** Connects and makes the queues; jobs enqueued meanwhile wait for that. */
  start(): Promise<void>;
  /** Every kind of job with its counts, as of the last look of the monitor (some seconds ago). */
  state(): Promise<QueueState[]>;
  /** Starts taking jobs. A definition without a handler, or with two, throws. */
  work(handlers: readonly JobHandler[]): Promise<void>;
  /** Takes no more jobs, aborts those at work, which hand themselves back for a retry, and waits up to `timeoutMs`. */
  stop(timeoutMs: number): Promise<void>;
}

/** A claim is lost this many seconds after its process died; pg-boss allows no fewer than 10. */
const HEARTBEAT_S = 10;

/** A notification wakes workers at once, but neither a retry that has become due nor a lost job notifies. */
const POLLING = { pollingIntervalSeconds: 2, notifyPollingIntervalSeconds: 2 };

/**
 * The queue in PostgreSQL. A job that a killed process held is given out again {@link HEARTBEAT_S} seconds after
 * its last sign of life, to any process that works.
 */
export function createJobQueue(
  connectionString: string,
  definitions: readonly JobDefinition[],
  logger: Logger,
  { connections = 5, ca }: { connections?: number; ca?: string | undefined } = {},
): JobQueue {
  const address = databaseAddress(connectionString, ca);
  let boss: PgBoss | undefined;
  const stopping = new AbortController();
  let started: Promise<void> | undefined;

  const queue: JobQueue = {
    async enqueue(trx, definition, payload) {
      await started;
      await running().send(definition.name, definition.payload.parse(payload), { db: fromKysely(trx) });
    },

    async start() {
      const useListenNotify = await canListen(address);
      if (!useListenNotify)
        logger.info(
          'The database delivers no notifications (a pooler in transaction mode?): jobs are polled for.',
        );
      boss = new PgBoss({
        ...address,
        max: connections - 1, // and one that listens
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
      // A queue that others fall back on has to be there before them.
      const ordered = [...definitions].sort((a, b) => Number(!!a.afterFailure) - Number(!!b.afterFailure));
      for (const { name, retryLimit, retryDelay, expireInSeconds, afterFailure, cron } of ordered) {
        const options = {
          retryLimit,
          retryDelay,
          retryBackoff: true,
          expireInSeconds,
          heartbeatSeconds: HEARTBEAT_S,
          ...(afterFailure && { deadLetter: afterFailure.name }),
        };
        await boss.createQueue(name, { ...options, notify: true });
        await boss.updateQueue(name, options);
        if (cron !== undefined) await boss.schedule(name, cron, {}, { tz: 'UTC' });
      }
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
              // Where one job was there may be more: a long queue must not wait for the poll between any two.
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
      await handle(job.data, {
        signal: AbortSignal.any([job.signal, stopping.signal]),
        lastTry: job.retryCount >= job.retryLimit,
        logger: log,
      });
      log.info({ ms: Math.round(performance.now() - started) }, 'job done');
    } catch (err) {
      log.warn({ err, data: job.data }, 'job failed');
      throw err; // pg-boss counts the failure and schedules the retry
    }
  }
}
