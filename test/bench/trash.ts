import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { v7 as uuidv7 } from 'uuid';
import { connect } from '../../app/db/client.ts';
import { startEmbeddedDatabase } from '../../app/db/embedded.ts';
import { createLogger } from '../../app/logger.ts';
import { verifyStorage } from '../../app/media/housekeeping.service.ts';
import { MAX_BULK_ITEMS } from '../../app/media/media.limits.ts';
import { KEY_COLUMNS, keysOf } from '../../app/media/media.repository.ts';
import { createS3Storage } from '../../app/storage/s3.ts';
import { runParallel } from '../../app/util/run-parallel.ts';
import { createBucket } from '../support/servers/bucket.ts';
import { register } from '../support/servers/http.ts';
import { startS3Server } from '../support/servers/s3-server.ts';
import { startServer } from '../support/servers/server.ts';

/**
 * `npm run bench -- trash [--items 500]`: trashes items by one request to a real server. Their
 * files are in a bucket of a real S3 server. Each item has all renditions. Measures the time from
 * the answer to the death of the last address: the goal is a minute.
 */

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: { items: { type: 'string', default: String(MAX_BULK_ITEMS) } },
});
const items = Number(values.items);
const ORIGINAL_BYTES = 300_000;
const RENDITION_BYTES = 40_000;

const print = (line: string) => process.stdout.write(`${line}\n`);
const logger = createLogger('warn', false);
await using made = new AsyncDisposableStack();
const folder = await mkdtemp(join(tmpdir(), 'meemikansio-bench-'));
made.defer(() => rm(folder, { recursive: true, force: true }));
const s3 = await startS3Server();
made.defer(() => s3.stop());
const bucket = await createBucket(s3);
const storage = createS3Storage(bucket.options);
const database = await startEmbeddedDatabase(join(folder, 'db'), logger);
made.defer(() => database.stop());
const server = made.use(
  await startServer({
    dataDir: join(folder, 'data'),
    env: { ...bucket.env, DATABASE_URL: database.url, OCR: 'off' },
  }),
);
const { cookie } = await register(server.url);
const db = connect(database.url, logger, 2);
made.defer(() => db.destroy());

const { id: owner_id } = await db.selectFrom('users').select('id').executeTakeFirstOrThrow();
const [original, rendition] = [join(folder, 'original'), join(folder, 'rendition')];
await writeFile(original, randomBytes(ORIGINAL_BYTES));
await writeFile(rendition, randomBytes(RENDITION_BYTES));
const key = (extension: string) => `${randomUUID()}.${extension}`;
const rows = Array.from({ length: items }, () => ({
  id: uuidv7(),
  owner_id,
  kind: 'video',
  mime: 'video/quicktime',
  width: 4,
  height: 3,
  byte_size: ORIGINAL_BYTES,
  sha256: randomBytes(32).toString('hex'),
  state: 'ready',
  object_key: key('mov'),
  thumb_key: key('webp'),
  large_key: key('webp'),
  poster_key: key('webp'),
  preview_key: key('mp4'),
  playback_key: key('mp4'),
  card_key: key('jpg'),
}));
const contentType = 'application/octet-stream';
await runParallel(rows, 8, async (row) => {
  for (const name of keysOf(row))
    await storage.put(name, name === row.object_key ? original : rendition, { contentType });
});
await db.insertInto('media').values(rows).execute();
print(`${items} items with ${KEY_COLUMNS.length} objects each`);

const response = await fetch(`${server.url}/api/media/trash`, {
  method: 'POST',
  headers: { origin: server.url, cookie, 'content-type': 'application/json' },
  body: JSON.stringify({ ids: rows.map(({ id }) => id) }),
});
if (response.status !== 200) throw new Error(`answered ${response.status}: ${await response.text()}`);
const answered = performance.now();
const seconds = () => ((performance.now() - answered) / 1000).toFixed(1);
const old = new Set(rows.flatMap(keysOf));
let first = false;
for (let alive = old.size; alive > 0; await sleep(500)) {
  alive = 0;
  for await (const { key: found } of storage.list()) if (old.has(found)) alive += 1;
  if (!first && alive < old.size) {
    first = true;
    print(`the first address is dead after ${seconds()} s`);
  }
}
print(`every address is dead after ${seconds()} s (goal: 60)`);
const { missing, orphans } = await verifyStorage({ db, storage });
print(`missing objects: ${missing.length}, orphaned: ${orphans.length}`);
