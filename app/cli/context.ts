import { join, resolve } from 'node:path';
import type { Config } from '../config.ts';
import { connect, type Database } from '../db/client.ts';
import { attachEmbeddedDatabase } from '../db/embedded.ts';
import { createJobQueue, type JobQueue } from '../jobs/queue.ts';
import { jobDefinitions } from '../job-handlers.ts';
import { createLogger } from '../logger.ts';
import { createStorage } from '../storage/create-storage.ts';
import type { Storage } from '../storage/storage.ts';

/**
 * Resources of a command: the database and storage of the app, which may be running meanwhile. The
 * app's temporary files and port are not touched.
 */
export interface CommandContext extends AsyncDisposable {
  config: Config;
  db: Database;
  storage: Storage;
  /** Returns the connected queue, for enqueuing only; no job runs here. */
  jobs(): Promise<JobQueue>;
  /** Returns the full address of a page, for sharing. */
  pageLink(path: string): string;
}

/** Rented databases allow few connections, and the app needs most of them. */
const MAX_CONNECTIONS = 2;
const STOP_JOBS_MS = 2000;

export async function openContext(config: Config): Promise<CommandContext> {
  const logger = createLogger('error', false, 2);
  const embedded = config.database.url
    ? null
    : await attachEmbeddedDatabase(join(resolve(config.dataDir), 'postgres'), logger);
  const url = config.database.url ?? embedded?.url ?? '';
  const db = connect(url, logger, MAX_CONNECTIONS, config.database.ca);
  let queue: JobQueue | undefined;
  return {
    config,
    db,
    storage: await createStorage(config),
    async jobs() {
      if (queue) return queue;
      queue = createJobQueue(url, jobDefinitions, logger, {
        connections: MAX_CONNECTIONS,
        ca: config.database.ca,
      });
      await queue.start();
      return queue;
    },
    pageLink: (path) => `${config.server.publicUrl ?? `http://localhost:${config.server.port}`}${path}`,
    async [Symbol.asyncDispose]() {
      await queue?.stop(STOP_JOBS_MS);
      await db.destroy();
      await embedded?.stop();
    },
  };
}

const absent = (): never => {
  throw new Error('A standalone command has no context.');
};

/** The context of a command that needs none: each part of it throws. */
export const noContext: CommandContext = {
  get config() {
    return absent();
  },
  get db() {
    return absent();
  },
  get storage() {
    return absent();
  },
  jobs: absent,
  pageLink: absent,
  [Symbol.asyncDispose]: async () => {},
};
