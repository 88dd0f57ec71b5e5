import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbeddedDatabase } from '../../app/db/embedded.ts';
import { createLogger } from '../../app/logger.ts';
import { migrations } from '../../migrations/index.ts';
import {
  seedFirstRelease,
  watchMigration,
  type MigrationReport,
} from '../support/databases/migration-locks.ts';

/**
 * `npm run bench -- migrations [--items 1000000]`: measures how long migrations lock tables with a
 * million items. The first is the upgrade from the first release to the baseline. More than two
 * seconds gives exit code 1.
 */
const { values } = parseArgs({
  args: process.argv.slice(3),
  options: { items: { type: 'string', default: '1000000' } },
});
const ITEMS = Number(values.items);
const LIMIT_MS = 2000;

const log = (line: string) => process.stdout.write(`${line}\n`);
const directory = await mkdtemp(join(tmpdir(), 'meemikansio-bench-'));
const server = await startEmbeddedDatabase(directory, createLogger('warn', false), { max_wal_size: '8GB' });
try {
  const slow = await measure();
  if (slow.length > 0) {
    log(`over ${LIMIT_MS} ms: ${slow.join(', ')}`);
    process.exitCode = 1;
  }
} finally {
  await server.stop();
  await rm(directory, { recursive: true, force: true });
}

async function measure(): Promise<string[]> {
  const started = performance.now();
  await seedFirstRelease(server.url, ITEMS);
  log(`${ITEMS} items in ${Math.round((performance.now() - started) / 1000)} s`);
  const slow = [];
  for (const name of Object.keys(migrations)) {
    if (tell(await watchMigration(server.url, migrations, name))) slow.push(name);
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
