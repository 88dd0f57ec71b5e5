import { join, resolve } from 'node:path';
import { inspect } from 'node:util';
import { createAdaptorServer } from '@hono/node-server';
import { createApp } from './app.ts';
import { ConfigError, readConfig, type Config } from './config.ts';
import { EmbeddedDatabaseError, startEmbeddedDatabase } from './db/embedded.ts';
import { migrateToLatest } from './db/migrate.ts';
import { createDeps, type Deps } from './deps.ts';
import { jobHandlers } from './jobs/registry.ts';
import { createLogger } from './logger.ts';

/** Platforms send SIGKILL 10 s after SIGTERM; what is left after requests and jobs goes to closing connections. */
const STOP_REQUESTS_MS = 4000;
const STOP_JOBS_MS = 4000;

async function main(config: Config): Promise<void> {
  const logger = createLogger(config.logLevel, !config.production && process.stdout.isTTY);
  const embedded = config.database.url
    ? null
    : await startEmbeddedDatabase(join(resolve(config.dataDir), 'postgres'), logger);
  const deps = await createDeps(config, config.database.url ?? embedded?.url ?? '', logger);

  const applied = await migrateToLatest(deps.db);
  if (applied.length > 0) logger.info({ applied }, 'database migrated');
  await deps.jobs.start();
  await deps.jobs.work(jobHandlers({ ...deps, directory: deps.tmpDir }));
  const problem = await deps.reader?.problem();
  if (problem) logger.warn(`Words in pictures are not read: ${problem}`);

  const server = createAdaptorServer({ fetch: createApp(deps).fetch });
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(config.server.port, config.server.host, listening);
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : config.server.port;
  process.stdout.write(`meemikansio is at http://localhost:${port}\n`);

  stopOnSignal(async (signal) => {
    logger.info({ signal }, 'stopping');
    await closeServer(server);
    await stopDeps(deps);
    await embedded?.stop();
  });
}

/** Lets requests under way finish, but not for ever; idle keep-alive connections close at once. */
async function closeServer(server: ReturnType<typeof createAdaptorServer>): Promise<void> {
  const closed = new Promise<void>((done) => server.close(() => done()));
  const cut = setTimeout(
    () => 'closeAllConnections' in server && server.closeAllConnections(),
    STOP_REQUESTS_MS,
  );
  await closed;
  clearTimeout(cut);
}

async function stopDeps({ jobs, reader, db }: Deps): Promise<void> {
  await jobs.stop(STOP_JOBS_MS);
  await reader?.stop();
  await db.destroy();
}

function stopOnSignal(stop: (signal: string) => Promise<void>): void {
  let stopping = false;
  const once = (signal: string) => {
    if (stopping) return;
    stopping = true;
    stop(signal).then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.on('SIGTERM', once);
  process.on('SIGINT', once);
}

/** What a person can mend is told in a sentence; anything else with its stack. */
function fail(error: unknown): never {
  const told = error instanceof ConfigError || error instanceof EmbeddedDatabaseError;
  process.stderr.write(told ? `${error.message}\n` : `${inspect(error)}\n`);
  process.exit(1);
}

try {
  await main(readConfig());
} catch (error) {
  fail(error);
}
