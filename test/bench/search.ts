import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import { createSessions } from '../../app/auth/sessions.service.ts';
import { inTransaction } from '../../app/db/transaction.ts';
import { connect, type Database } from '../../app/db/client.ts';
import { startEmbeddedDatabase } from '../../app/db/embedded.ts';
import { migrateToLatest } from '../../app/db/migrate.ts';
import { createLogger } from '../../app/logger.ts';
import { startServer } from '../support/servers/server.ts';
import { scenariosFor } from './search-scenarios.ts';
import { seedSearch } from './search-seed.ts';

/**
 * `npm run bench -- search [--items 100000] [--requests 200] [--keep FOLDER | --database URL]
 * [--only NAMES]`: searches through real HTTP on the real process. By default it makes a database
 * in a temporary folder and removes it. A database in a kept folder or at a given URL is seeded if
 * it is empty, and stays. The next run then needs no seeding. `--only` takes a regular expression
 * for the names of searches; `--requests 0` only seeds.
 */
const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    items: { type: 'string', default: '100000' },
    requests: { type: 'string', default: '200' },
    database: { type: 'string' },
    keep: { type: 'string' },
    only: { type: 'string', default: '' },
  },
});
const ITEMS = Number(values.items);
const REQUESTS = Number(values.requests);
const SECRET = 'a bench needs no real secret, only one of 32 characters';
const CLIENTS = 8;

/** Rolls back, so that the bench leaves the library unchanged. */
class RolledBack extends Error {}

const log = (line: string) => process.stdout.write(`${line}\n`);

const directory = await mkdtemp(join(tmpdir(), 'meemikansio-bench-'));
const logger = createLogger('warn', false);
const embedded =
  values.database === undefined
    ? await startEmbeddedDatabase(values.keep ?? join(directory, 'db'), logger)
    : null;
const databaseUrl = values.database ?? embedded?.url ?? '';
const db = connect(databaseUrl, logger);
try {
  await migrateToLatest(db);
  const { rows } = await sql<{ n: number }>`select count(*) as n from media`.execute(db);
  if (rows[0]?.n === 0) {
    log(`seeding ${ITEMS} items`);
    const started = performance.now();
    await seedSearch(db, ITEMS);
    log(`seeded in ${Math.round((performance.now() - started) / 1000)} s`);
  }
  if (REQUESTS > 0) await measure();
} finally {
  await db.destroy();
  await embedded?.stop();
  await rm(directory, { recursive: true, force: true });
}

async function measure(): Promise<void> {
  await using server = await startServer({
    dataDir: join(directory, 'app'),
    env: { DATABASE_URL: databaseUrl, JWT_SECRET: SECRET, LOG_LEVEL: 'warn', OCR: 'off' },
    earlyPort: await freePort(),
  });
  const owner = await db.selectFrom('users').select('id').executeTakeFirstOrThrow();
  const sessions = createSessions(db, SECRET);
  const cookies: string[] = [];
  for (let i = 0; i < CLIENTS; i++)
    cookies.push(`session=${await inTransaction(db, (trx) => sessions.open(trx, owner.id, 'bench'))}`);
  let asked = 0;

  // fetch would take more of the two cores shared with the measured server and database.
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  const get = (path: string) =>
    new Promise<string>((resolve, reject) => {
      const cookie = cookies[asked++ % CLIENTS];
      request(server.url + path, { agent, headers: { cookie } }, (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (body += chunk));
        response.on('end', () => {
          if (response.statusCode === 200) resolve(body);
          else reject(new Error(`${path}: ${response.statusCode} ${body}`));
        });
      })
        .on('error', reject)
        .end();
    });
  const wanted = new RegExp(values.only);
  const scenarios = (await scenariosFor(db, get)).filter(({ name }) => wanted.test(name));
  for (const { paths } of scenarios) for (const path of paths.slice(0, 20)) await get(path);

  const facts = await sql<{ items: number; size: number }>`
    select count(*) as items, pg_relation_size('media_search_terms') as size from media_search`.execute(db);
  const { items = 1, size = 0 } = facts.rows[0] ?? {};
  log(`\n${items} items, ${REQUESTS} requests each, milliseconds\n`);
  log('| search | p50 | p95 | max | p50 at 8 | p95 at 8 | requests/s at 8 |');
  log('|---|---|---|---|---|---|---|');
  for (const { name, paths } of scenarios) {
    const alone = await run(get, paths, 1);
    const together = await run(get, paths, CLIENTS);
    const cells = [alone.p50, alone.p95, alone.max, together.p50, together.p95, together.perSecond];
    log(`| ${name} | ${cells.map((cell) => cell.toFixed(cell < 100 ? 1 : 0)).join(' | ')} |`);
  }
  agent.destroy();
  const adding = await timeToAdd(db);
  log(
    `\nindex: ${(size / items).toFixed(0)} bytes an item; adding one item: ${adding.toFixed(1)} ms (median of 50)`,
  );
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

async function run(get: (path: string) => Promise<string>, paths: readonly string[], clients: number) {
  const times: number[] = [];
  let next = 0;
  const total = Math.max(REQUESTS, clients > 1 ? REQUESTS * 2 : 0);
  const started = performance.now();
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (next < total) {
        const path = paths[next++ % paths.length] ?? '';
        const begun = performance.now();
        await get(path);
        times.push(performance.now() - begun);
      }
    }),
  );
  const elapsed = performance.now() - started;
  times.sort((a, b) => a - b);
  const at = (part: number) => times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0;
  return { p50: at(0.5), p95: at(0.95), max: at(1), perSecond: (times.length / elapsed) * 1000 };
}

/**
 * Measures the milliseconds to add an item with a title, 20 words and two tags. Index and
 * vocabulary are included.
 */
async function timeToAdd(db: Database): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 50; i++) {
    const begun = performance.now();
    await db
      .transaction()
      .execute(async (trx) => {
        await sql`insert into media (id, owner_id, kind, mime, width, height, byte_size, sha256, title, original_name, text, state, object_key)
          select gen_random_uuid(), owner_id, kind, mime, 4, 3, 12, gen_random_uuid()::text, 'three words here', 'IMG_2.jpg', text, 'ready', gen_random_uuid()::text
          from (select * from media order by id desc offset ${i} limit 1) as m`.execute(trx);
        times.push(performance.now() - begun);
        throw new RolledBack();
      })
      .catch((error: unknown) => {
        if (!(error instanceof RolledBack)) throw error;
      });
  }
  return times.sort((a, b) => a - b)[25] ?? 0;
}
