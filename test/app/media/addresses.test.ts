import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { giveNewAddress, syncAddresses, syncAllAddresses } from '../../../app/media/address.service.ts';
import { sweepOrphans, verifyStorage } from '../../../app/media/housekeeping.service.ts';
import { createLogger } from '../../../app/logger.ts';
import { mediaItem, type MediaItem } from '../../../app/media/media.schema.ts';
import { createTestApp, ORIGIN, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { createBucket } from '../../support/servers/bucket.ts';
import { objectKeys } from '../../support/objects.ts';
import { picture } from '../../support/media/pictures.ts';
import { missingS3Server, startS3Server, type S3Server } from '../../support/servers/s3-server.ts';

const logger = createLogger('silent', false);
const missing = missingS3Server();

const parse = async (response: Promise<Response>, status = 200): Promise<MediaItem> => {
  const answered = await response;
  expect(answered.status, await answered.clone().text()).toBe(status);
  return mediaItem.parse(await answered.json());
};

/** The same promises hold in local storage and in a real S3 server. */
const backends = missing === undefined ? (['local', 's3'] as const) : (['local'] as const);
describe.each(backends)('addresses of files in %s storage', (backend) => {
  let server: S3Server | undefined;
  let app: TestApp;
  let aino: Visitor;
  beforeAll(async () => {
    if (backend === 's3') server = await startS3Server();
  });
  beforeEach(async () => {
    const bucket = server && (await createBucket(server, { origin: ORIGIN }));
    app = await createTestApp({ ...bucket?.env, OCR: 'off' });
    aino = await app.admin();
  });
  afterEach(() => app[Symbol.asyncDispose]());
  afterAll(() => server?.stop());

  const add = async (name = 'meme.png') => parse(aino.upload(await picture(), name), 201);
  const get = (id: string) => parse(aino.request(`/api/media/${id}`));
  const trash = (id: string) => aino.send('DELETE', `/api/media/${id}`);
  const restore = (id: string) => parse(aino.send('POST', `/api/media/${id}/restore`));
  const renew = async (id: string) => {
    const response = await aino.send('POST', `/api/media/${id}/new-address`);
    expect(response.status, await response.clone().text()).toBe(200);
    const { item }: { item: unknown } = JSON.parse(await response.text());
    return mediaItem.parse(item);
  };
  /** Requests an address without a session: local files from the app, others from the bucket. */
  const seen = async (address: string | null) => {
    if (address === null) throw new Error('there is no address');
    const response = address.startsWith('/') ? await app.visitor().request(address) : await fetch(address);
    await response.arrayBuffer();
    return response.ok;
  };
  const addressesOf = ({ url, thumbUrl }: MediaItem) => [url, thumbUrl];
  const hideNow = (id: string) => syncAddresses(app.deps, [id]);
  const agree = async (items: number) => {
    const report = await verifyStorage(app.deps);
    expect(report).toMatchObject({ items, missing: [], wrongSize: [], orphans: [] });
  };

  it('are dead while the item is in the trash', async () => {
    const item = await add();
    for (const address of addressesOf(item)) expect(await seen(address)).toBe(true);
    expect((await trash(item.id)).status).toBe(204);
    // The job of a bucket waits, so that undoing stays cheap.
    if (backend === 's3') await hideNow(item.id);
    for (const address of addressesOf(item)) expect(await seen(address)).toBe(false);
    await agree(1);
    const back = await restore(item.id);
    for (const address of addressesOf(back)) expect(await seen(address)).toBe(true);
    if (backend === 's3') for (const address of addressesOf(item)) expect(await seen(address)).toBe(false);
    await agree(1);
  });

  it('are the same after a deletion that is undone at once', async () => {
    const item = await add();
    await trash(item.id);
    const back = await restore(item.id);
    await app.work();
    await hideNow(item.id);
    expect(addressesOf(await get(item.id))).toEqual(addressesOf(item));
    expect(addressesOf(back)).toEqual(addressesOf(item));
    for (const address of addressesOf(item)) expect(await seen(address)).toBe(true);
  });

  it('of the trash are for those who see it, and tell no key', async () => {
    const item = await add();
    const louhi = await app.member(aino, 'Louhi');
    await trash(item.id);
    await hideNow(item.id);
    const keys = await objectKeys(app.deps.storage);
    const answer = await aino.request('/api/media?trash=true');
    const text = (await answer.text()) + JSON.stringify(await get(item.id));
    for (const key of keys) expect(text).not.toContain(key);
    const trashed = await get(item.id);
    for (const address of addressesOf(trashed)) {
      const path = address ?? '';
      expect(path).toMatch(`/api/media/${item.id}/trashed/`);
      const response = await aino.request(path);
      expect(response.status).toBe(200);
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(response.headers.get('cross-origin-resource-policy')).toBe('same-origin');
      for (const key of keys) expect(JSON.stringify([...response.headers])).not.toContain(key);
      const { size } = await response.blob();
      const part = await aino.request(path, { headers: { range: 'bytes=1-4' } });
      expect(part.headers.get('content-range')).toBe(`bytes 1-4/${size}`);
      expect((await part.arrayBuffer()).byteLength).toBe(4);
      expect((await louhi.request(path)).status).toBe(404);
      expect((await app.visitor().request(path)).status).toBe(401);
    }
    expect((await (await aino.request(trashed.url)).blob()).size).toBe(item.byteSize);
    const saved = await aino.request(`${trashed.url}?download=1`);
    expect(saved.headers.get('content-disposition')).toMatch(/^attachment; filename="meme.png"/);
    await saved.arrayBuffer();
    expect((await aino.request(`/api/media/${item.id}/trashed/poster`)).status).toBe(404);
    expect((await aino.request(`/api/media/${item.id}/trashed/nothing`)).status).toBe(404);
    // Also right after a restoration, for pages that still name this address.
    const restored: { items: unknown } = JSON.parse(
      await (await aino.send('POST', '/api/media/restore', { ids: [item.id] })).text(),
    );
    const { text: _text, ...listed } = await get(item.id);
    expect(restored.items).toEqual([{ ...listed, match: null }]);
    expect((await louhi.request(trashed.url)).status).toBe(200);
  });

  it('of many items die together', async () => {
    const items = [await add('a.png'), await add('b.png'), await add('c.png')];
    const ids = items.map(({ id }) => id);
    expect((await aino.send('POST', '/api/media/trash', { ids })).status).toBe(200);
    if (backend === 's3') await syncAddresses(app.deps, ids);
    for (const address of items.flatMap(addressesOf)) expect(await seen(address)).toBe(false);
    await aino.send('POST', '/api/media/restore', { ids });
    for (const id of ids)
      for (const address of addressesOf(await get(id))) expect(await seen(address)).toBe(true);
    await agree(3);
  });

  it('change when their owner wants new ones, and the old ones die', async () => {
    const item = await add();
    const bytes = await (item.url.startsWith('/') ? aino.request(item.url) : fetch(item.url)).then((r) =>
      r.arrayBuffer(),
    );
    const louhi = await app.member(aino, 'Louhi');
    expect((await louhi.send('POST', `/api/media/${item.id}/new-address`)).status).toBe(403);
    const renewed = await renew(item.id);
    expect(renewed).toMatchObject({ id: item.id, byteSize: item.byteSize, state: 'ready' });
    for (const address of addressesOf(item)) expect(await seen(address)).toBe(false);
    for (const address of addressesOf(renewed)) expect(await seen(address)).toBe(true);
    const again = renewed.url.startsWith('/') ? await aino.request(renewed.url) : await fetch(renewed.url);
    expect(Buffer.from(await again.arrayBuffer()).equals(Buffer.from(bytes))).toBe(true);
    expect(again.headers.get('content-type')).toBe('image/png');
    await agree(1);
  });

  it('are new after a restoration if they were to end while the item was in the trash', async () => {
    const item = await add();
    await trash(item.id);
    await hideNow(item.id);
    const before = await objectKeys(app.deps.storage);
    await giveNewAddress(app.deps, '00000000-0000-7000-8000-000000000000');
    expect((await objectKeys(app.deps.storage)).toSorted()).toEqual(before.toSorted());
    await giveNewAddress(app.deps, item.id);
    const after = await objectKeys(app.deps.storage);
    expect(after).toHaveLength(before.length);
    for (const address of addressesOf(item)) expect(await seen(address)).toBe(false);
    await aino.send('POST', `/api/media/${item.id}/restore`);
    await hideNow(item.id);
    const restored = await get(item.id);
    for (const address of addressesOf(restored)) expect(await seen(address)).toBe(true);
    for (const address of addressesOf(item)) expect(await seen(address)).toBe(false);
  });

  it('survive changes at the same moment, without a lost object', async () => {
    const item = await add();
    const form = new FormData();
    form.set('file', await picture('webp', { width: 90, height: 60 }), 'other.webp');
    const answers = await Promise.all([
      aino.send('POST', `/api/media/${item.id}/new-address`),
      aino.request(`/api/media/${item.id}/file`, { method: 'PUT', body: form }),
      aino.send('POST', `/api/media/${item.id}/new-address`),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const now = await get(item.id);
    expect(now.mime).toBe('image/webp');
    for (const address of addressesOf(now)) expect(await seen(address)).toBe(true);
    for (const address of addressesOf(item)) expect(await seen(address)).toBe(false);
    await agree(1);
  });

  it('follow the last of many deletions and restorations beside running jobs', async () => {
    await app.work();
    const items = [await add('a.png'), await add('b.png')];
    const ids = items.map(({ id }) => id);
    await Promise.all(
      Array.from({ length: 6 }, async (_, i) => {
        await aino.send('POST', `/api/media/${i % 2 === 0 ? 'trash' : 'restore'}`, { ids });
        await syncAddresses(app.deps, ids);
        await aino.send('POST', `/api/media/${ids[i % 2]}/reprocess`);
      }),
    );
    await aino.send('POST', '/api/media/restore', { ids });
    await syncAddresses(app.deps, ids);
    for (const id of ids) {
      await expect.poll(async () => (await get(id)).state).toBe('ready');
      for (const address of addressesOf(await get(id))) expect(await seen(address)).toBe(true);
    }
    // Only the jobs may still have objects to delete.
    await expect.poll(async () => (await verifyStorage(app.deps)).orphans).toEqual([]);
    await agree(2);
  });

  it('of a trashed item that is purged meanwhile leave no object behind', async () => {
    const item = await add();
    // The first sweep makes the storage this library's, which later ones demand.
    await sweepOrphans(app.deps, logger);
    await trash(item.id);
    const purge = app.deps.db.deleteFrom('media').where('id', '=', item.id).execute();
    await Promise.all([hideNow(item.id), purge, hideNow(item.id)]);
    await sweepOrphans(app.deps, logger, -10_000);
    expect(await objectKeys(app.deps.storage)).toEqual([]);
  });

  it('of items from an earlier release are closed by the job', async () => {
    const item = await add();
    await app.deps.db
      .updateTable('media')
      .set({ deleted_at: new Date(Date.now() - 3_600_000) })
      .where('id', '=', item.id)
      .execute();
    expect(await syncAllAddresses(app.deps)).toBe(1);
    expect(await syncAllAddresses(app.deps)).toBe(0);
    for (const address of addressesOf(item)) expect(await seen(address)).toBe(false);
    // As an earlier release restores it.
    await app.deps.db.updateTable('media').set({ deleted_at: null }).where('id', '=', item.id).execute();
    expect(await syncAllAddresses(app.deps)).toBe(1);
    for (const address of addressesOf(await get(item.id))) expect(await seen(address)).toBe(true);
  });
});
