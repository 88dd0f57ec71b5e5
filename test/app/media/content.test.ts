import { createHash, randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorBody } from '../../../app/http/errors.schema.ts';
import { createLogger } from '../../../app/logger.ts';
import { hashContent, planContentBackfill } from '../../../app/media/content-backfill.service.ts';
import { knownItem, mediaItem, type MediaItem } from '../../../app/media/media.schema.ts';
import { blobOf, VIDEO_MAKERS } from '../../support/media/videos.ts';

import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';

const off = { OCR: 'off' };
const context = { signal: new AbortController().signal, logger: createLogger('silent', false) };

/** Makes a JPEG with another author in its EXIF for each call, and the same pixels for one seed. */
async function signed(seed: number): Promise<Buffer> {
  const background = { r: seed % 256, g: (seed >> 8) % 256, b: 90 };
  return sharp({ create: { width: 64, height: 48, channels: 3, background } })
    .withExif({ IFD0: { Artist: randomUUID() } })
    .jpeg()
    .toBuffer();
}
const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const kept = async (response: Response): Promise<MediaItem> => {
  expect(response.status, await response.clone().text()).toBe(201);
  return mediaItem.parse(await response.json());
};
const add = async (by: Visitor, bytes: Uint8Array, name = 'a.jpg') =>
  kept(await by.upload(blobOf(bytes), name));
const bytesAt = async (by: Visitor, url: string) => (await by.request(url)).bytes();
const replace = (by: Visitor, id: string, bytes: Uint8Array) => {
  const body = new FormData();
  body.set('file', blobOf(bytes), 'other.jpg');
  return by.request(`/api/media/${id}/file`, { method: 'PUT', body });
};
async function expectHere(response: Response, id: string): Promise<void> {
  expect([response.status, errorBody.parse(await response.json())]).toMatchObject([
    409,
    { code: 'already_here', details: { id } },
  ]);
}

describe('a file that is stored like one that is here', () => {
  let app: TestApp;
  let aino: Visitor;
  beforeAll(async () => {
    app = await createTestApp(off);
    aino = await app.admin();
  });
  afterAll(() => app[Symbol.asyncDispose]());
  const objects = async () => (await app.files()).filter((file) => file.startsWith('media/'));

  it('is refused with its item, though its metadata differs, and leaves nothing', async () => {
    const item = await add(aino, await signed(1));
    const before = await app.files();
    await expectHere(await aino.upload(blobOf(await signed(1)), 'b.jpg'), item.id);
    expect(await app.files()).toEqual(before);
    const other = await add(aino, await signed(2));
    const withOther = await app.files();
    await expectHere(await replace(aino, other.id, await signed(1)), item.id);
    expect(await app.files()).toEqual(withOther);
  });

  it('is known by the hash of what the folder serves, before a byte is sent', async () => {
    const item = await add(aino, await signed(3));
    const served = await bytesAt(aino, item.url);
    const known = await aino.request(`/api/media/known/${sha256Of(served)}`);
    expect(knownItem.parse(await known.json())).toEqual({ id: item.id, alike: null });
    await expectHere(await aino.upload(blobOf(served), 'downloaded.jpg'), item.id);
  });

  it('is refused as a video that got a new container, too', async () => {
    const item = await add(aino, VIDEO_MAKERS.webm(), 'a.webm');
    const served = await bytesAt(aino, item.url);
    await expectHere(await aino.upload(blobOf(served), 'downloaded.webm'), item.id);
  });

  it('is the content of a replacement, and no longer of the file before', async () => {
    const [before, after] = [await signed(4), await signed(5)];
    const item = await add(aino, before);
    expect((await replace(aino, item.id, after)).status).toBe(200);
    await expectHere(await aino.upload(blobOf(await signed(5)), 'b.jpg'), item.id);
    const other = await add(aino, await signed(4));
    expect(other.id).not.toBe(item.id);
  });

  it('becomes one item when several come at once', async () => {
    const files = [await signed(6), await signed(6), await signed(6), await signed(6)];
    const before = (await objects()).length;
    const answers = await Promise.all(files.map((file) => aino.upload(blobOf(file), 'a.jpg')));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409]);
    expect((await objects()).length).toBe(before + 2);
  });
});

describe('items of an older release', () => {
  /** Makes two items of one content, as an older release did, and forgets all stored hashes. */
  async function twins(app: TestApp, by: Visitor): Promise<[MediaItem, MediaItem]> {
    const one = await add(by, await signed(7));
    const other = await add(by, await signed(8));
    const { storage, db } = app.deps;
    const keyOf = (url: string) => url.split('/').at(-1) ?? '';
    await storage.delete(keyOf(other.url));
    await storage.copy(keyOf(one.url), keyOf(other.url));
    await db.deleteFrom('media_content').execute();
    return [one, other];
  }
  const hashes = (app: TestApp) => app.deps.db.selectFrom('media_content').selectAll().execute();

  it('are hashed by a job, in the trash too; twins stay two items', async () => {
    await using app = await createTestApp(off);
    const aino = await app.admin();
    const [one, other] = await twins(app, aino);
    await aino.send('DELETE', `/api/media/${other.id}`);
    await app.work();
    expect(await planContentBackfill(app.deps)).toBe(2);
    await expect.poll(async () => (await hashes(app)).length).toBe(2);
    const [first, second] = await hashes(app);
    expect(first?.stored_sha256).toBe(sha256Of(await bytesAt(aino, one.url)));
    expect(second?.stored_sha256).toBe(first?.stored_sha256);
    // Of two, the one outside the trash is named.
    await expectHere(await aino.upload(blobOf(await signed(7)), 'b.jpg'), one.id);
    // Both passes are over: a later start has no work.
    const later = [await planContentBackfill(app.deps), await planContentBackfill(app.deps)];
    expect(later).toEqual([0, 0]);
  });

  it('get the hash of their present file, whatever is replaced or repeated meanwhile', async () => {
    await using app = await createTestApp(off);
    const aino = await app.admin();
    const item = await add(aino, await signed(9));
    await app.deps.db.deleteFrom('media_content').execute();
    const { storage } = app.deps;
    const replaced = {
      ...app.deps,
      storage: {
        ...storage,
        async read(...args: Parameters<typeof storage.read>) {
          const bytes = await storage.read(...args);
          expect((await replace(aino, item.id, await signed(10))).status).toBe(200);
          return bytes;
        },
      },
    };
    await hashContent({ ...replaced, directory: app.deps.tmpDir }, item.id, context);
    await hashContent({ ...app.deps, directory: app.deps.tmpDir }, item.id, context);
    const now = mediaItem.parse(await (await aino.request(`/api/media/${item.id}`)).json());
    const rows = await hashes(app);
    expect(rows.map((row) => row.stored_sha256)).toEqual([sha256Of(await bytesAt(aino, now.url))]);
    // A file of before is no content of the item, even if an older release has replaced it.
    await app.deps.db
      .updateTable('media_content')
      .set({ upload_sha256: 'f'.repeat(64) })
      .execute();
    await hashContent({ ...app.deps, directory: app.deps.tmpDir }, item.id, context);
    expect(await hashes(app)).toEqual(rows);
  });

  it('are tried again when their file cannot be read, and a killed job leaves nothing', async () => {
    await using app = await createTestApp(off);
    const aino = await app.admin();
    const item = await add(aino, await signed(11));
    await app.deps.db.deleteFrom('media_content').execute();
    const lost = { ...app.deps, storage: { ...app.deps.storage, read: () => Promise.resolve(null) } };
    await expect(hashContent({ ...lost, directory: app.deps.tmpDir }, item.id, context)).rejects.toThrow(
      'not there',
    );
    const killed = { ...context, signal: AbortSignal.abort() };
    await expect(hashContent({ ...app.deps, directory: app.deps.tmpDir }, item.id, killed)).rejects.toThrow();
    expect(await hashes(app)).toEqual([]);
  });
});
