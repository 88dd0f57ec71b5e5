import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import { newIdentity } from '../../app/backup/encryption.ts';
import { createLocalStore } from '../../app/backup/local-store.ts';
import { connect } from '../../app/db/client.ts';
import { startEmbeddedDatabase } from '../../app/db/embedded.ts';
import { migrateToLatest } from '../../app/db/migrate.ts';
import { createLogger } from '../../app/logger.ts';
import { seedSearch } from './search-seed.ts';

/**
 * `npm run bench -- backup [--items 100000]`: makes a backup of a large library by the real
 * program. Prints its time, the size of the file, and the highest resident memory of the process.
 */
const { values } = parseArgs({
  args: process.argv.slice(3),
  options: { items: { type: 'string', default: '100000' } },
});
const CLI = join(import.meta.dirname, '../../app/cli.ts');
const POLL_MS = 20;

const print = (line: string) => process.stdout.write(`${line}\n`);
const logger = createLogger('warn', false);
await using made = new AsyncDisposableStack();
const folder = await mkdtemp(join(tmpdir(), 'meemikansio-bench-'));
made.defer(() => rm(folder, { recursive: true, force: true }));
const database = await startEmbeddedDatabase(join(folder, 'db'), logger);
made.defer(() => database.stop());
const db = connect(database.url, logger, 2);
made.defer(() => db.destroy());
await migrateToLatest(db);
await seedSearch(db, Number(values.items));
const { rows } = await sql<{ bytes: number }>`select pg_database_size(current_database()) as bytes`.execute(
  db,
);
const { recipient } = await newIdentity();

/** Runs the command. Returns its seconds and the highest resident megabytes (10^6). */
async function run(...args: string[]): Promise<{ seconds: number; peakMb: number }> {
  const started = performance.now();
  const child = spawn(process.execPath, [CLI, ...args], {
    env: {
      PATH: process.env['PATH'],
      LOG_LEVEL: 'silent',
      DATABASE_URL: database.url,
      DATA_DIR: folder,
      BACKUP_RECIPIENT: recipient,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  let peakMb = 0;
  const timer = setInterval(() => {
    const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'latin1')) ?? [];
    peakMb = Math.max(peakMb, (Number(kilobytes ?? 0) * 1024) / 1e6);
  }, POLL_MS);
  const [code] = await once(child, 'exit');
  clearInterval(timer);
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}`);
  return { seconds: (performance.now() - started) / 1000, peakMb };
}

const listed = await run('backup', 'list');
const backup = await run('backup', 'now');
const [stored] = await createLocalStore(join(folder, 'backups')).list();
const mb = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
print(`${values.items} items, database ${mb(rows[0]?.bytes ?? 0)}, backup ${mb(stored?.size ?? 0)}`);
print(`backup now: ${backup.seconds.toFixed(1)} s, at most ${backup.peakMb.toFixed(0)} MB resident`);
print(`backup list, for comparison: at most ${listed.peakMb.toFixed(0)} MB resident`);
