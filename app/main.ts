import type { Server } from 'node:http';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import type { Logger } from 'pino';
import { ConfigError, readConfig, type Config } from './config.ts';
import { createHttpServer } from './http/server.ts';
import { answeredWhileStarting, createStartingApp } from './startup-app.ts';
import { createLogger } from './logger.ts';
import type { Service } from './start.ts';
import { mediaOrigin } from './storage/media-origin.ts';
import { explainFileError, explainListenError } from './startup-errors.ts';

/**
 * Platforms send SIGKILL 10 s after SIGTERM. Requests get this long; jobs and connections the rest.
 */
const STOP_REQUESTS_MS = 4000;

/** Time that a request waits for the database at startup before a 503. */
const MAX_HOLD_MS = 5000;

/**
 * Listens first, then starts the rest. Platforms start the process on the first request, so it can
 * be answered while the database connects.
 */
async function main(config: Config): Promise<void> {
  const logger = createLogger(config.logLevel, !config.production && process.stdout.isTTY);
  const stopping = new AbortController();
  const started = Promise.withResolvers<Service>();
  const server = createHttpServer(answer(config, logger, started.promise));

  // Register this first: process 1 of a container ignores signals without a handler.
  stopOnSignal(async (signal) => {
    logger.info({ signal }, 'stopping');
    stopping.abort(new Error(`The process got ${signal}.`));
    started.promise.then(
      (service) => service.endStreams(),
      // The start failed: there is no stream.
      () => {},
    );
    await closeServer(server);
    const service = await started.promise.catch(() => null);
    await service?.stop();
  });

  try {
    const port = await listen(server, config);
    logger.debug({ port }, 'listening');
    // Load this late: the database driver, the job queue and the features are most of the program.
    const { startService } = await import('./start.ts');
    const service = await startService(config, logger, fail, stopping.signal);
    started.resolve(service);
    // Flush earlier log lines first: the address is the last line of a start.
    await new Promise<void>((flushed) => logger.flush(() => flushed()));
    process.stdout.write(`${service.notice}meemikansio is at ${pageOf(port)}\n`);
  } catch (error) {
    started.reject(error);
    if (!stopping.signal.aborted) throw error;
  }
}

/** Returns the address to open: `--page=ADDRESS` of a development server in front, else our own. */
const pageOf = (port: number): string =>
  process.argv.find((arg) => arg.startsWith('--page='))?.slice('--page='.length) ??
  `http://localhost:${port}`;

/** During the start, answers requests that need no database, and holds the rest for a while. */
function answer(config: Config, logger: Logger, started: Promise<Service>) {
  const starting = createStartingApp({
    revision: config.revision,
    staticDir: resolve(config.server.staticDir),
    production: config.production,
    mediaOrigin: mediaOrigin(config),
    logger,
  });
  let service: Service | undefined;
  const ready = started.then(
    (value) => void (service = value),
    // main() ends the process.
    () => {},
  );
  return async (...args: Parameters<typeof starting.fetch>): Promise<Response> => {
    const [request] = args;
    if (!service && !answeredWhileStarting(new URL(request.url).pathname)) {
      const held = new AbortController();
      await Promise.race([ready, sleep(MAX_HOLD_MS, undefined, { signal: held.signal }).catch(() => {})]);
      held.abort();
    }
    return (service?.app ?? starting).fetch(...args);
  };
}

/** Listens and returns the port. */
async function listen(server: Server, { server: { port, host } }: Config): Promise<number> {
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(port, host, listening);
  }).catch(async (error: unknown) => {
    throw await explainListenError(error, host, port);
  });
  const address = server.address();
  return typeof address === 'object' && address ? address.port : port;
}

/** Lets running requests finish within a limit; closes idle keep-alive connections at once. */
async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((done) => server.close(() => done()));
  const cut = setTimeout(() => server.closeAllConnections(), STOP_REQUESTS_MS);
  await closed;
  clearTimeout(cut);
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

/**
 * Compared by name: importing their modules would load the database driver before the server
 * listens.
 */
const EXPECTED_ERRORS = new Set([
  'EmbeddedDatabaseError',
  'DatabaseAddressError',
  'NewerSchemaError',
  'UnknownSchemaError',
  'StartupError',
  'IncompleteFileError',
]);

/** Prints a sentence for an error that the operator can fix; for any other, its stack. Exits. */
function fail(error: unknown): never {
  const told = error instanceof ConfigError || (error instanceof Error && EXPECTED_ERRORS.has(error.name));
  const file = told ? null : explainFileError(error);
  process.stderr.write(`${file ?? (told ? error.message : inspect(error))}\n`);
  process.exit(1);
}

try {
  await main(readConfig());
} catch (error) {
  fail(error);
}
