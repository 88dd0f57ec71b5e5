import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { startEmbeddedDatabase } from '../../app/db/embedded.ts';
import { createLogger } from '../../app/logger.ts';
import { migrations } from '../../migrations/index.ts';
import {
  afterFirstRelease,
  FIRST_RELEASE,
  seedFirstRelease,
  watchMigration,
  type MigrationReport,
} from '../support/databases/migration-locks.ts';

/**
 * `npm run bench -- migrations [--items 1000000] [--first]`: measures how long each migration since
 * the first release locks tables with a million items. More than two seconds gives exit code 1.
 * `--first` measures the migrations of the first release instead, for the record. Those run only on
 * empty databases.
 */
const { values } = parseArgs({
  args: process.argv.slice(3),
  options: { items: { type: 'string', default: '1000000' }, first: { type: 'boolean', default: false } },
});
const ITEMS = Number(values.items);
const LIMIT_MS = 2000;

const log = (line: string) => process.stdout.write(`${line}\n`);
const directory = await mkdtemp(join(tmpdir(), 'meemikansio-bench-'));
const server = await startEmbeddedDatabase(directory, createLogger('warn', false), { max_wal_size: '8GB' });
try {
  const slow = values.first ? await measureFirst() : await measureSince();
  if (slow.length > 0) {
    log(`over ${LIMIT_MS} ms: ${slow.join(', ')}`);
    if (!values.first) process.exitCode = 1;
  }
} finally {
  await server.stop();
  await rm(directory, { recursive: true, force: true });
}

async function measureSince(): Promise<string[]> {
  const started = performance.now();
  await seedFirstRelease(server.url, migrations, ITEMS);
  log(`${ITEMS} items in ${Math.round((performance.now() - started) / 1000)} s`);
  const names = afterFirstRelease(migrations);
  const slow = [];
  for (const name of names) if (tell(await watchMigration(server.url, migrations, name))) slow.push(name);
  return slow;
}

/** Fills the very first table; every later migration keeps its rows. */
async function measureFirst(): Promise<string[]> {
  const names = Object.keys(migrations).filter((name) => name <= FIRST_RELEASE);
  const slow = [];
  for (const [i, name] of names.entries()) {
    if (tell(await watchMigration(server.url, migrations, name))) slow.push(name);
    if (i > 0) continue;
    const client = new Client({ connectionString: server.url });
    await client.connect();
    await client.query(`
      insert into users (id, username, username_key, password_hash, role) values (md5('u')::uuid, 'Aino', 'aino', '', 'admin');
      insert into media (id, owner_id, kind, mime, width, height, byte_size, sha256, text, state, object_key)
        select md5('m' || i)::uuid, md5('u')::uuid, 'image', 'image/jpeg', 1200, 900, 200000, md5('a' || i) || md5('b' || i),
          'some words in picture ' || i % 5000, 'ready', i || '.jpg' from generate_series(1, ${ITEMS}) i;
      analyze`);
    await client.end();
  }
  return slow;
}

/**
 * Prints a report.
 * @returns whether the migration holds a lock for too long
 */
function tell({ name, ms, locks }: MigrationReport): boolean {
  log(`${name}: ${ms.toFixed(0)} ms`);
  for (const lock of locks) log(`  ${lock.ms.toFixed(0).padStart(8)} ms  ${lock.mode} on ${lock.table}`);
  return locks.some((lock) => lock.ms > LIMIT_MS);
}
