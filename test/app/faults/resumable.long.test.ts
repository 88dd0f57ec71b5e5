import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { connect } from '../../../app/db/client.ts';
import { createLogger } from '../../../app/logger.ts';
import { sweepOrphans, verifyStorage } from '../../../app/media/housekeeping.service.ts';
import { mediaItem } from '../../../app/media/media.schema.ts';
import { PART_BYTES } from '../../../app/resumable/resumable.limits.ts';
import { createLocalStorage } from '../../../app/storage/local.ts';
import { createTestDatabase } from '../../support/databases/database.ts';
import { until } from '../../support/faults/rig.ts';
import { clip } from '../../support/faults/specimens.ts';
import { mp4Box } from '../../support/media/specimens.ts';
import { register } from '../../support/servers/http.ts';
import { begin, OFFSET_STREAM, sendAt, sendRest, TUS, type Ask } from '../../support/servers/resumable.ts';
import { startServer, type ServerProcess } from '../../support/servers/server.ts';

const quiet = createLogger('silent', false);
/** Kills while bytes come. Two more come while the item is made. */
const KILLS_IN_TRANSFER = 18;
/** Negative, so that it includes objects of this moment. */
const ANY_AGE_MS = -10_000;

/** A clip with 99 MB of random pictures that nothing refers to. */
const video = () => {
  const short = clip();
  return Buffer.concat([short, mp4Box('mdat', randomBytes(99_000_000 - short.length))]);
};

it('a video of 100 MB arrives once and whole though the server is killed 20 times', async () => {
  await using database = await createTestDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'meemikansio-resumable-'));
  const db = connect(database.url, quiet, 2);
  const start = () => startServer({ dataDir: folder, env: { DATABASE_URL: database.url, OCR: 'off' } });
  let server = await start();
  try {
    const { cookie } = await register(server.url);
    const by =
      (at: ServerProcess): Ask =>
      (path, init) =>
        fetch(at.url + path, {
          ...init,
          headers: { ...Object.fromEntries(new Headers(init.headers)), origin: at.url, cookie },
        });
    const bytes = video();
    const words = { filename: 'trip.mp4', sha256: createHash('sha256').update(bytes).digest('hex') };
    const row = () => db.selectFrom('resumable_uploads').selectAll().executeTakeFirstOrThrow();
    let kills = 0;
    const kill = async () => {
      await server.kill();
      kills += 1;
      server = await start();
    };

    for (let turn = 0; turn < KILLS_IN_TRANSFER; turn++) {
      const { offset, path } = await begin(by(server), bytes.length, words);
      expect(offset).toBe(turn * PART_BYTES);
      const next = offset + PART_BYTES;
      expect((await sendAt(by(server), path, offset, bytes.subarray(offset, next))).status).toBe(204);
      // The next part is killed at another place each time.
      await sendSome(server, { path, cookie, offset: next }, bytes, 100_000 + turn * 200_000);
      await kill();
    }

    const { offset, path } = await begin(by(server), bytes.length, words);
    expect(offset).toBe(KILLS_IN_TRANSFER * PART_BYTES);
    const rest = sendRest(by(server), path, bytes, { from: offset, step: PART_BYTES }).catch(() => null);
    await until('every byte', async () => (await row()).received === bytes.length);
    await kill();
    await rest;
    const end = () => sendAt(by(server), path, bytes.length, Buffer.alloc(0));
    const unheard = end().catch(() => null);
    await until('the item', async () => (await row()).media_id !== null);
    await kill();
    await unheard;

    expect(kills).toBe(20);
    const answer = await end();
    expect(answer.status, await answer.clone().text()).toBe(201);
    const { id, url } = mediaItem.parse(await answer.json());
    expect(await db.selectFrom('media').select(['id', 'sha256', 'original_name']).execute()).toEqual([
      { id, sha256: words.sha256, original_name: 'trip.mp4' },
    ]);
    const stored = Buffer.from(await (await fetch(new URL(url, server.url))).arrayBuffer());
    expect(stored.length).toBe(bytes.length);
    expect(stored.subarray(-98_000_000).equals(bytes.subarray(-98_000_000))).toBe(true);

    // Jobs remove what the killed processes had no time for.
    const uploads = join(folder, 'uploads');
    await until('no parts', async () => (await filesIn(uploads)).length === 0);
    await until('the poster', async () => {
      const open = await db.selectFrom('media').select('id').where('state', '=', 'processing').execute();
      return open.length === 0;
    });
    const storage = createLocalStorage({ directory: join(folder, 'media') });
    await sweepOrphans({ db, storage }, quiet, ANY_AGE_MS);
    await storage.sweep(ANY_AGE_MS);
    expect(await verifyStorage({ db, storage })).toMatchObject({ missing: [], wrongSize: [], orphans: [] });
    await server.stop();
    expect(await readdir(join(folder, 'tmp'))).toEqual([]);
  } finally {
    await server.stop();
    await db.destroy();
    await rm(folder, { recursive: true, force: true });
  }
});

/** Sends the head of a request for the rest of a file, and so many of its bytes. */
async function sendSome(
  { url }: ServerProcess,
  { path, cookie, offset }: { path: string; cookie: string; offset: number },
  file: Buffer,
  count: number,
): Promise<void> {
  const call = request(url + path, {
    method: 'PATCH',
    agent: false,
    headers: {
      ...TUS,
      origin: url,
      cookie,
      'content-type': OFFSET_STREAM,
      'upload-offset': offset,
      'content-length': file.length - offset,
    },
  });
  // The kill breaks it.
  call.on('error', () => {});
  await once(call, 'socket');
  await new Promise<void>((sent) => void call.write(file.subarray(offset, offset + count), () => sent()));
}

const filesIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
