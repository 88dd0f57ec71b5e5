import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLogger } from '../../../app/logger.ts';
import { giveNewAddress, syncAddresses } from '../../../app/media/address.service.ts';
import { sweepOrphans, verifyStorage } from '../../../app/media/housekeeping.service.ts';
import { mediaItem, type MediaItem } from '../../../app/media/media.schema.ts';
import { runStage } from '../../../app/media/stages/stages.service.ts';
import { createTestApp, ORIGIN, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { createBucket } from '../../support/servers/bucket.ts';
import { objectKeys } from '../../support/objects.ts';
import { picture } from '../../support/media/pictures.ts';
import { missingS3Server, startS3Server, type S3Server } from '../../support/servers/s3-server.ts';

const logger = createLogger('silent', false);
const backends = missingS3Server() === undefined ? (['local', 's3'] as const) : (['local'] as const);

/** Each step of a move fails once. Nothing is lost, and after the retry nothing is left. */
describe.each(backends)('a new address in %s storage, when something fails', (backend) => {
  let server: S3Server | undefined;
  let app: TestApp;
  let aino: Visitor;
  let item: MediaItem;
  let keys: string[];
  beforeAll(async () => {
    if (backend === 's3') server = await startS3Server();
  });
  afterAll(() => server?.stop());
  beforeEach(async () => {
    const bucket = server && (await createBucket(server, { origin: ORIGIN }));
    app = await createTestApp({ ...bucket?.env, OCR: 'off' });
    aino = await app.admin();
    item = mediaItem.parse(await (await aino.upload(await picture(), 'meme.png')).json());
    keys = (await objectKeys(app.deps.storage)).toSorted();
    expect(keys).toHaveLength(2);
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await app[Symbol.asyncDispose]();
  });

  const renew = () => aino.send('POST', `/api/media/${item.id}/new-address`);
  const present = async () => (await objectKeys(app.deps.storage)).toSorted();
  const get = async () => mediaItem.parse(await (await aino.request(`/api/media/${item.id}`)).json());
  const isWhole = async () => {
    const { url } = await get();
    const response = url.startsWith('/') ? await aino.request(url) : await fetch(url);
    expect(response.status).toBe(200);
    expect((await response.blob()).size).toBe(item.byteSize);
    expect(await verifyStorage(app.deps)).toMatchObject({
      items: 1,
      missing: [],
      wrongSize: [],
      orphans: [],
    });
  };

  it('keeps the old one when an object cannot be copied', async () => {
    const { storage } = app.deps;
    const copy = storage.copy.bind(storage);
    let calls = 0;
    vi.spyOn(storage, 'copy').mockImplementation(async (from, to) => {
      calls += 1;
      if (calls === 2) throw new Error('the disk is full');
      return copy(from, to);
    });
    expect((await renew()).status).toBe(500);
    expect((await get()).url).toBe(item.url);
    expect(await present()).toEqual(keys);
    expect((await renew()).status).toBe(200);
    await isWhole();
  });

  it('keeps the old one when the row cannot be changed, and leaves copies to the sweep', async () => {
    const { db } = app.deps;
    await sql`alter table media add constraint fixed check (object_key = ${sql.lit(keyOf(item.url))})`.execute(
      db,
    );
    expect((await renew()).status).toBe(500);
    expect((await get()).url).toBe(item.url);
    await sql`alter table media drop constraint fixed`.execute(db);
    // Nobody knows their keys.
    expect(await present()).toEqual(expect.arrayContaining(keys));
    await sweepOrphans(app.deps, logger, -10_000);
    expect(await present()).toEqual(keys);
    await isWhole();
  });

  it('deletes the old objects by a job when the process ends before it does', async () => {
    vi.spyOn(app.deps.storage, 'delete').mockRejectedValue(new Error('killed'));
    expect((await renew()).status).toBe(200);
    expect(await present()).toHaveLength(4);
    vi.restoreAllMocks();
    await app.work();
    await expect.poll(present).toHaveLength(2);
    expect(await present()).not.toEqual(expect.arrayContaining(keys));
    await isWhole();
  });

  it('closes the address of a trashed item by a job when the request cannot', async () => {
    const { storage } = app.deps;
    if (storage.addresses) vi.spyOn(storage.addresses, 'hide').mockRejectedValue(new Error('killed'));
    expect((await aino.send('DELETE', `/api/media/${item.id}`)).status).toBe(204);
    const anybody = async () =>
      item.url.startsWith('/')
        ? (await app.visitor().request(item.url)).status
        : (await fetch(item.url)).status;
    expect(await anybody()).toBe(200);
    vi.restoreAllMocks();
    // The job of a bucket is due within a minute. It is made due now.
    const { rows: due } = await sql<{ seconds: number }>`
      select extract(epoch from start_after - created_on)::float as seconds from pgboss.job
      where name = 'media.sync-addresses'`.execute(app.deps.db);
    expect(due).toHaveLength(1);
    expect(due[0]?.seconds).toBeLessThan(50);
    if (backend === 's3') expect(due[0]?.seconds).toBeGreaterThan(20);
    await sql`update pgboss.job set start_after = now() where name = 'media.sync-addresses'`.execute(
      app.deps.db,
    );
    await app.work();
    await expect.poll(anybody).toBeGreaterThanOrEqual(403);
    await expect.poll(async () => (await verifyStorage(app.deps)).orphans).toEqual([]);
    expect((await aino.request((await get()).url)).status).toBe(200);
  });

  it('is found by a stage that read the row before', async () => {
    const { db, storage, tmpDir } = app.deps;
    const { token } = await db
      .updateTable('media_stages')
      .set({ state: 'pending' })
      .where('media_id', '=', item.id)
      .where('stage', '=', 'text')
      .returning('token')
      .executeTakeFirstOrThrow();
    const read = storage.read.bind(storage);
    vi.spyOn(storage, 'read').mockImplementationOnce(async (key, range) => {
      await giveNewAddress(app.deps, item.id);
      return read(key, range);
    });
    const context = { signal: new AbortController().signal, lastTry: true, logger };
    const run = { mediaId: item.id, stage: 'text', token } as const;
    await runStage({ ...app.deps, directory: tmpDir }, run, context, async ({ row }) => {
      expect(row.object_key).not.toBe(keyOf(item.url));
      return { values: { text: 'luettu' } };
    });
    expect(await get()).toMatchObject({ state: 'ready', text: 'luettu' });
  });

  it('is found by a download of many items that began before', async () => {
    const other = mediaItem.parse(await (await aino.upload(await picture(), 'other.png')).json());
    const body = new URLSearchParams({ ids: [item.id, other.id].join(',') });
    const response = await aino.request('/api/media/zip', { method: 'POST', body });
    await giveNewAddress(app.deps, item.id);
    await aino.send('DELETE', `/api/media/${other.id}`);
    await syncAddresses(app.deps, [other.id]);
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(String(bytes.length)).toBe(response.headers.get('content-length'));
  });
});

const keyOf = (url: string) => url.split('/').at(-1) ?? '';
