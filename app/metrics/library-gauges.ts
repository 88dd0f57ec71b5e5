import { Gauge, type Registry } from '@prometheus-io/client';
import type { Logger } from 'pino';
import { readFigures } from '../admin/figures.repository.ts';
import type { NightlyBackups } from '../backup/nightly.service.ts';
import { poolStateOf, type Database } from '../db/client.ts';
import type { JobQueue, QueueState } from '../jobs/queue.ts';
import { findOldestJobs } from './metrics.repository.ts';

export interface LibraryDeps {
  db: Database;
  jobs: Pick<JobQueue, 'state'>;
  backups: Pick<NightlyBackups, 'state'>;
  logger: Logger;
}

const JOB_STATES = ['ready', 'delayed', 'active', 'failed'] as const satisfies (keyof QueueState)[];

/** Registers the gauges of the database and its library. Returns the function that reads them. */
export function createLibraryGauges(registry: Registry, { db, jobs, backups, logger }: LibraryDeps) {
  const registers = [registry];
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers });
  const gaugeOf = (name: string, help: string) => new Gauge({ name, help, labelNames: ['state'], registers });

  const up = gauge('meemikansio_database_up', 'Whether the database answers: 1 or 0.');
  const connections = gaugeOf('meemikansio_database_connections', 'Open connections of the pool.');
  const most = gauge('meemikansio_database_connections_max', 'Most connections that the pool opens.');
  const waiting = gauge('meemikansio_database_waiting', 'Statements that wait for a connection.');
  const count = gaugeOf('meemikansio_jobs', 'Jobs of all kinds.');
  const oldest = gaugeOf('meemikansio_jobs_oldest_seconds', 'Age of the oldest job, 0 without any.');
  const items = gauge('meemikansio_items', 'Items, the trash included.');
  const bytes = gauge('meemikansio_originals_bytes', 'Size of the originals, the trash included.');
  const backup = gauge(
    'meemikansio_backup_last_timestamp_seconds',
    'Moment of the newest whole backup, since 1970; NaN without one.',
  );

  /** Reads everything. Without a database, nothing but the pool is known. */
  return async (): Promise<void> => {
    const pool = poolStateOf(db);
    most.set(pool.max);
    waiting.set(pool.waiting);
    connections.set({ state: 'idle' }, pool.idle);
    connections.set({ state: 'used' }, pool.open - pool.idle);
    try {
      const [queues, ages, figures, { lastAt }] = await Promise.all([
        jobs.state(),
        findOldestJobs(db),
        readFigures(db),
        backups.state(),
      ]);
      up.set(1);
      for (const state of JOB_STATES)
        count.set(
          { state },
          queues.reduce((sum, queue) => sum + queue[state], 0),
        );
      oldest.set({ state: 'ready' }, ages.ready);
      oldest.set({ state: 'active' }, ages.active);
      const figure = (name: string) => figures.find((one) => one.name === name)?.value ?? Number.NaN;
      items.set(figure('items'));
      bytes.set(figure('bytes'));
      backup.set(lastAt === null ? Number.NaN : lastAt.getTime() / 1000);
    } catch (err) {
      logger.warn({ err }, 'the library cannot be measured');
      // The scrape goes on, so that a collector sees which part is missing.
      up.set(0);
      for (const one of [count, oldest]) one.reset();
      for (const one of [items, bytes, backup]) one.set(Number.NaN);
    }
  };
}
