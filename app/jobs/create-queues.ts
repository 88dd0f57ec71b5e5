import type { PgBoss, QueueResult, Schedule } from 'pg-boss';
import type { JobDefinition } from './queue.ts';

/** A claim is lost this many seconds after its process died; 10 is the minimum of pg-boss. */
const HEARTBEAT_S = 10;
const TIME_ZONE = 'UTC';

/**
 * Creates the queues and schedules of all kinds of jobs, and updates those of an earlier release.
 * Most starts find all of them unchanged, in two queries.
 */
export async function createQueues(boss: PgBoss, definitions: readonly JobDefinition[]): Promise<void> {
  const queues = new Map(
    (await boss.getQueues(definitions.map(({ name }) => name))).map((queue) => [queue.name, queue]),
  );
  const schedules = new Map((await boss.getSchedules()).map((schedule) => [schedule.name, schedule]));
  // A fallback queue must exist before the queues that name it.
  const ordered = [...definitions].sort((a, b) => Number(!!a.afterFailure) - Number(!!b.afterFailure));
  for (const definition of ordered) {
    const { name, cron, exclusive } = definition;
    const options = optionsOf(definition);
    const queue = queues.get(name);
    if (!queue)
      await boss.createQueue(name, { ...options, ...(exclusive && { policy: 'exclusive' }), notify: true });
    else if (!hasOptions(queue, options)) await boss.updateQueue(name, options);
    if (cron !== undefined && !isScheduled(schedules.get(name), cron))
      await boss.schedule(name, cron, {}, { tz: TIME_ZONE });
  }
}

const optionsOf = ({ retryLimit, retryDelay, expireInSeconds, afterFailure }: JobDefinition) => ({
  retryLimit,
  retryDelay,
  retryBackoff: true,
  expireInSeconds,
  heartbeatSeconds: HEARTBEAT_S,
  ...(afterFailure && { deadLetter: afterFailure.name }),
});

/** Whether a queue already has all of these options. */
const hasOptions = (queue: QueueResult, options: ReturnType<typeof optionsOf>): boolean =>
  queue.retryLimit === options.retryLimit &&
  queue.retryDelay === options.retryDelay &&
  queue.retryBackoff === options.retryBackoff &&
  queue.expireInSeconds === options.expireInSeconds &&
  queue.heartbeatSeconds === options.heartbeatSeconds &&
  (options.deadLetter === undefined || queue.deadLetter === options.deadLetter);

const isScheduled = (schedule: Schedule | undefined, cron: string): boolean =>
  schedule?.cron === cron && schedule.timezone === TIME_ZONE;
