import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import { connect } from '../../app/db/client.ts';
import { startEmbeddedDatabase } from '../../app/db/embedded.ts';
import { migrateToLatest } from '../../app/db/migrate.ts';
import { createLogger } from '../../app/logger.ts';
import { MAX_ALIKE_DISTANCE } from '../../app/media/alike/alike.limits.ts';
import { findAlike, findFingerprint } from '../../app/media/alike/fingerprints.repository.ts';
import { findByContent } from '../../app/media/content.repository.ts';
import { seedAlike } from './alike-seed.ts';

/**
 * `npm run bench -- alike [--items 100000] [--requests 300] [--keep FOLDER]`: searches for alike
 * items and looks up exact hashes, in turn, in one database. The goal at a million items is p95
 * within 20 ms and 10 ms. A kept folder is seeded once.
 */
const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    items: { type: 'string', default: '100000' },
    requests: { type: 'string', default: '300' },
    keep: { type: 'string' },
  },
});
const ITEMS = Number(values.items);
const REQUESTS = Number(values.requests);
const print = (line: string) => process.stdout.write(`${line}\n`);

const folder = await mkdtemp(join(tmpdir(), 'meemikansio-bench-'));
const logger = createLogger('warn', false);
const database = await startEmbeddedDatabase(values.keep ?? join(folder, 'db'), logger);
const db = connect(database.url, logger, 4);
try {
  await migrateToLatest(db);
  const { rows } = await sql<{ n: number }>`select count(*)::integer as n from media`.execute(db);
  if (rows[0]?.n === 0) {
    const started = performance.now();
    await seedAlike(db, ITEMS, (done) => {
      if (done % 100_000 === 0) print(`${done} items`);
    });
    print(`seeded in ${Math.round((performance.now() - started) / 1000)} s`);
  }
  const sizes = await sql<{ name: string; mb: number }>`
    select relname as name, (pg_relation_size(oid) / 1e6)::integer as mb from pg_class
    where relname in ('media_fingerprints', 'media_fingerprints_bands', 'media_fingerprints_pkey')`.execute(
    db,
  );
  for (const { name, mb } of sizes.rows) print(`${name}: ${mb} MB`);
  const chosen = await sql<{ id: string; sha256: string }>`
    select id, sha256 from media order by md5(id::text) limit ${REQUESTS * 2}`.execute(db);
  const by = { id: '00000000-0000-4000-8000-000000000000', role: 'member' } as const;
  const times = { alike: [] as number[], exact: [] as number[] };
  const found: number[] = [];
  for (const [i, { id, sha256 }] of chosen.rows.entries()) {
    const frames = await findFingerprint(db, id);
    const started = performance.now();
    const items = await findAlike(db, frames, { distance: MAX_ALIKE_DISTANCE, except: id, limit: 1000 });
    const between = performance.now();
    await findByContent(db, [sha256], by);
    // The first half warms up.
    if (i < REQUESTS) continue;
    times.alike.push(between - started);
    times.exact.push(performance.now() - between);
    found.push(items.length);
  }
  const at = (of: readonly number[], share: number) =>
    (of.toSorted((a, b) => a - b)[Math.floor(of.length * share)] ?? 0).toFixed(1);
  for (const [name, of] of Object.entries({ ...times, found }))
    print(`${name}: p50 ${at(of, 0.5)}, p95 ${at(of, 0.95)}, most ${at(of, 0.999)}`);
} finally {
  await db.destroy();
  await database.stop();
  await rm(folder, { recursive: true, force: true });
}
