import { createHash } from 'node:crypto';
import { Client } from 'pg';
import { seedItems as seed } from '../support/databases/seed.ts';
import { startServer as startProcess, type ServerProcess } from '../support/servers/server.ts';

/**
 * The server that the browser tests run against. TEST_SERVER names a built one (its `main.js`); the
 * sources run otherwise. TEST_DATABASE_URL names a PostgreSQL server, as its superuser. Each server
 * gets a copy of its database TEST_DATABASE_TEMPLATE (browser-database.setup.ts). Without them,
 * each server starts its own in its folder.
 */

interface Options {
  dataDir: string;
  env?: Record<string, string>;
}

/** Starts the server under test on a folder; a second start on the same folder finds its rows. */
export async function startServer({ dataDir, env = {} }: Options): Promise<ServerProcess> {
  const built = process.env['TEST_SERVER'];
  const url = await databaseOf(dataDir);
  return startProcess({
    dataDir,
    env: { ...(url && { DATABASE_URL: url }), ...env },
    ...(built && { command: [process.execPath, built] }),
  });
}

/** Fills the library of the server under test; see `seedItems`. */
export const seedItems = async (dataDir: string, count: number): Promise<void> =>
  seed(dataDir, count, await databaseOf(dataDir));

/** Returns the address of the folder's database, made if absent; undefined for an embedded one. */
export async function databaseOf(dataDir: string): Promise<string | undefined> {
  const server = process.env['TEST_DATABASE_URL'];
  if (!server) return undefined;
  const name = `e2e_${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}`;
  const client = new Client({ connectionString: server });
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    const template = process.env['TEST_DATABASE_TEMPLATE'] ?? 'template1';
    if (rowCount === 0) await client.query(`create database ${name} template ${template}`);
  } finally {
    await client.end();
  }
  const url = new URL(server);
  url.pathname = name;
  return url.href;
}
