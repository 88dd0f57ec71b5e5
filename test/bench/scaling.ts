import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import { createSessions } from '../../app/auth/sessions.service.ts';
import { connect } from '../../app/db/client.ts';
import { startEmbeddedDatabase } from '../../app/db/embedded.ts';
import { migrateToLatest } from '../../app/db/migrate.ts';
import { inTransaction } from '../../app/db/transaction.ts';
import { createLogger } from '../../app/logger.ts';
import { startServer, type ServerProcess } from '../support/servers/server.ts';
import { cpuOf, ownCpuOf } from './process-tree.ts';
import { seedSearch } from './search-seed.ts';

/**
 * `npm run bench -- scaling [--items 10000] [--requests 3000] [--processes 3]`: asks one, two and
 * more real processes on one database, in turn. A third each of the requests are the first page, a
 * search of one word, and an item. Between rounds a row changes, so that caches of the list miss as
 * in a library in use. Prints requests a second. Prints the processor time of a request in the
 * app and in PostgreSQL, which tells the limit.
 */
const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    items: { type: 'string', default: '10000' },
    requests: { type: 'string', default: '3000' },
    processes: { type: 'string', default: '3' },
  },
});
const REQUESTS = Number(values.requests);
const CLIENTS = 16;
const WARM_UP_REQUESTS = 300;
/** Requests between two changes. */
const CHANGE_EVERY = 50;
const SECRET = 'a bench needs no real secret, only one of 32 characters';

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
const { words } = await seedSearch(db, Number(values.items));
const owner = await db.selectFrom('users').select('id').executeTakeFirstOrThrow();
const sessions = createSessions(db, SECRET);
const cookie = `session=${await inTransaction(db, (trx) => sessions.open(trx, owner.id, 'bench'))}`;
const items = await db.selectFrom('media').select('id').orderBy('id').limit(1000).execute();

const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
const get = (url: string, path: string) =>
  new Promise<void>((resolve, reject) => {
    request(url + path, { agent, headers: { cookie } }, (response) => {
      response.resume();
      response.on('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`${path}: ${response.statusCode}`));
      });
    })
      .on('error', reject)
      .end();
  });

const pathOf = (n: number): string => {
  if (n % 3 === 0) return '/api/media?limit=50';
  if (n % 3 === 1) return `/api/media?limit=50&q=${words[(n * 31) % 2000] ?? ''}`;
  return `/api/media/${items[n % items.length]?.id ?? ''}`;
};

/** Asks the processes in turn, `CLIENTS` at once. Returns the sorted milliseconds of requests. */
async function ask(urls: readonly string[], count: number): Promise<number[]> {
  const times: number[] = [];
  let next = 0;
  const client = async () => {
    for (let n = next++; n < count; n = next++) {
      if (n % CHANGE_EVERY === 0)
        await db
          .updateTable('media')
          .set({ updated_at: sql`now()` })
          .where('id', '=', items[n % items.length]?.id ?? '')
          .execute();
      const started = performance.now();
      await get(urls[n % urls.length] ?? '', pathOf(n));
      times.push(performance.now() - started);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return times.toSorted((a, b) => a - b);
}

async function connections(): Promise<{ pids: number[]; byUse: string }> {
  const { rows } = await sql<{ pid: number; use: string }>`
    select pid, application_name as use from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`.execute(db);
  const uses = Map.groupBy(rows, ({ use }) => use || 'job listener');
  const byUse = [...uses].map(([use, all]) => `${all.length} ${use}`).join(', ');
  return { pids: rows.map(({ pid }) => pid), byUse };
}

print(
  `${values.items} items, ${REQUESTS} requests, ${CLIENTS} at once, ${availableParallelism()} cores, which the load shares`,
);
print('| processes | requests/s | p50 ms | p95 ms | CPU ms a request, app | PostgreSQL | connections |');
print('|---|---|---|---|---|---|---|');
const servers: ServerProcess[] = [];
for (let count = 1; count <= Number(values.processes); count++) {
  const dataDir = join(folder, `app-${count}`);
  const env = { DATABASE_URL: database.url, JWT_SECRET: SECRET, LOG_LEVEL: 'warn', OCR: 'off' };
  servers.push(made.use(await startServer({ dataDir, env })));
  const urls = servers.map(({ url }) => url);
  await ask(urls, WARM_UP_REQUESTS * count);
  const { pids, byUse } = await connections();
  const used = () => ({
    app: servers.reduce((sum, { pid }) => sum + cpuOf(pid), 0),
    postgres: pids.reduce((sum, pid) => sum + ownCpuOf(pid), 0),
  });
  const [before, started] = [used(), performance.now()];
  const times = await ask(urls, REQUESTS);
  const seconds = (performance.now() - started) / 1000;
  const after = used();
  const each = (name: 'app' | 'postgres') => (((after[name] - before[name]) * 1000) / REQUESTS).toFixed(2);
  const at = (share: number) => (times[Math.floor((times.length - 1) * share)] ?? 0).toFixed(1);
  print(
    `| ${count} | ${(REQUESTS / seconds).toFixed(0)} | ${at(0.5)} | ${at(0.95)} | ${each('app')} | ${each('postgres')} | ${pids.length} (${byUse}) |`,
  );
}
agent.destroy();
