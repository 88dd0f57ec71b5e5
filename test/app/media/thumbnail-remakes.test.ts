import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { createLogger } from '../../../app/logger.ts';
import { sweepOrphans, verifyStorage } from '../../../app/media/housekeeping.service.ts';
import { mediaItem, type MediaItem } from '../../../app/media/media.schema.ts';
import { planRemakes, remakeThumbnail } from '../../../app/media/thumbnail-remakes.service.ts';
import { THUMB_RECIPE } from '../../../app/media/thumbnail.limits.ts';
import { picture } from '../../support/media/pictures.ts';
import { blobOf, VIDEO_MAKERS } from '../../support/media/videos.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';

const logger = createLogger('silent', false);
const context = { signal: new AbortController().signal, logger };
const off = { OCR: 'off' };

const read = async (response: Promise<Response>): Promise<MediaItem> =>
  mediaItem.parse(await (await response).json());
const add = async (by: Visitor, size = { width: 320, height: 200 }) =>
  read(by.upload(await picture('png', size), 'meme.png'));
const get = (by: Visitor, id: string) => read(by.request(`/api/media/${id}`));
const keyOf = (url: string | null) => url?.split('/').at(-1) ?? '';

/** Gives an item the thumbnail that an older release made: another picture, and another version. */
async function age(app: TestApp, item: MediaItem): Promise<string> {
  const key = `00000000-0000-4000-8000-${item.id.slice(-12)}.webp`;
  const path = join(app.dataDir, 'old.webp');
  await writeFile(
    path,
    await sharp({ create: { width: 5, height: 60, channels: 3, background: '#000' } })
      .webp()
      .toBuffer(),
  );
  await app.deps.storage.put(key, path, { contentType: 'image/webp' });
  await app.deps.storage.delete(keyOf(item.thumbUrl));
  await app.deps.db
    .updateTable('media')
    .set({ thumb_key: key, thumb_recipe: 0 })
    .where('id', '=', item.id)
    .execute();
  return key;
}
const sizeOf = async (by: Visitor, { thumbUrl }: MediaItem) => {
  const answer = await by.request(thumbUrl ?? '');
  expect(answer.status).toBe(200);
  const { width, height } = await sharp(await answer.bytes()).metadata();
  return [width, height];
};
const openJobs = async (app: TestApp) =>
  (await app.deps.jobs.state()).find(({ name }) => name === 'media.remake-thumbnail');
const orphansOf = async (app: TestApp) => (await verifyStorage(app.deps)).orphans.map(({ key }) => key);
const faultless = async (app: TestApp, items: number) =>
  expect(await verifyStorage(app.deps)).toMatchObject({ items, missing: [], wrongSize: [], orphans: [] });

it('old thumbnails are made again, of pictures and of videos, in the trash too; the old are gone', async () => {
  await using app = await createTestApp(off);
  const aino = await app.admin();
  await app.work();
  const [tall, video, trashed, current] = [
    await add(aino, { width: 300, height: 3000 }),
    await read(aino.upload(blobOf(VIDEO_MAKERS.mp4()), 'video.mp4')),
    await add(aino),
    await add(aino),
  ];
  await expect.poll(async () => (await get(aino, video.id)).state).toBe('ready');
  const old = [];
  for (const item of [tall, await get(aino, video.id), trashed]) old.push(await age(app, item));
  await aino.send('DELETE', `/api/media/${trashed.id}`);
  const aged = await get(aino, tall.id);
  expect(await sizeOf(aino, aged)).toEqual([5, 60]);

  expect(await planRemakes(app.deps)).toBe(3);
  const left = () =>
    app.deps.db.selectFrom('media').select('id').where('thumb_recipe', '<', THUMB_RECIPE).execute();
  await expect.poll(left).toEqual([]);
  const again = await get(aino, tall.id);
  expect(await sizeOf(aino, again)).toEqual([300, 600]);
  expect(again).toMatchObject({ state: 'ready', url: tall.url });
  const remade = await get(aino, video.id);
  expect(await sizeOf(aino, remade)).toEqual([video.width, video.height]);
  expect((await get(aino, current.id)).thumbUrl).toBe(current.thumbUrl);
  // In the trash, the new one has no public address either.
  const hidden = await app.deps.db
    .selectFrom('media')
    .select('thumb_key')
    .where('id', '=', trashed.id)
    .executeTakeFirstOrThrow();
  expect(old).not.toContain(hidden.thumb_key);
  expect(await app.deps.storage.publicInfo(hidden.thumb_key ?? '')).toBeNull();
  expect(await sizeOf(aino, await get(aino, trashed.id))).toEqual([320, 200]);
  for (const key of old) await expect.poll(() => app.deps.storage.info(key)).toBeNull();
  await faultless(app, 4);
});

it('an item of before gets the wider thumbnail too, and a video has its poster instead', async () => {
  await using app = await createTestApp(off);
  const aino = await app.admin();
  const wide = await add(aino, { width: 1200, height: 800 });
  const video = await read(aino.upload(blobOf(VIDEO_MAKERS.mp4()), 'video.mp4'));
  const width = async (url: string | null) =>
    (await sharp(await (await aino.request(url ?? '')).bytes()).metadata()).width;
  expect(await width(wide.thumbUrl)).toBe(600);
  expect(await width(wide.largeUrl)).toBeGreaterThan(720);
  await app.deps.storage.delete(keyOf(wide.largeUrl));
  await app.deps.db.updateTable('media').set({ large_key: null }).where('id', '=', wide.id).execute();
  await age(app, wide);
  expect((await get(aino, wide.id)).largeUrl).toBeNull();
  await app.work();
  await planRemakes(app.deps);
  await expect.poll(async () => (await get(aino, wide.id)).largeUrl).not.toBeNull();
  const again = await get(aino, wide.id);
  expect(await width(again.thumbUrl)).toBe(600);
  expect(await width(again.largeUrl)).toBeGreaterThan(720);

  // Made once more, nothing of the one before stays.
  await app.deps.db.updateTable('media').set({ thumb_recipe: 0 }).where('id', '=', wide.id).execute();
  await remakeThumbnail({ ...app.deps, directory: app.deps.tmpDir }, wide.id, context);
  await expect.poll(() => app.deps.storage.info(keyOf(again.largeUrl))).toBeNull();
  await expect.poll(async () => (await get(aino, video.id)).posterUrl).not.toBeNull();
  expect((await get(aino, video.id)).largeUrl).toBeNull();
  await faultless(app, 2);
});

it('a process that is killed before or after the commit loses nothing, and leaves nothing for long', async () => {
  await using app = await createTestApp(off);
  const aino = await app.admin();
  const item = await add(aino);
  const old = await age(app, item);
  const { storage } = app.deps;

  // Killed after it stored the new one: the transaction does not happen.
  const killed = { ...app.deps, directory: app.deps.tmpDir };
  const stopped = new Error('killed');
  const beforeCommit = {
    ...killed,
    storage: { ...storage, delete: () => Promise.reject(stopped) },
    jobs: { ...app.deps.jobs, enqueue: () => Promise.reject(stopped) },
  };
  await expect(remakeThumbnail(beforeCommit, item.id, context)).rejects.toThrow('killed');
  expect(keyOf((await get(aino, item.id)).thumbUrl)).toBe(old);
  expect(await sizeOf(aino, await get(aino, item.id))).toEqual([5, 60]);
  expect(await orphansOf(app)).toHaveLength(1);

  // Killed after the commit: the old one is deleted by the job of the same transaction.
  const afterCommit = { ...killed, storage: { ...storage, delete: () => Promise.reject(stopped) } };
  await remakeThumbnail(afterCommit, item.id, context);
  expect(await sizeOf(aino, await get(aino, item.id))).toEqual([320, 200]);
  expect(await orphansOf(app)).toContain(old);
  await app.work();
  await expect.poll(() => storage.info(old)).toBeNull();
  await sweepOrphans(app.deps, logger, -1000);
  await faultless(app, 1);

  // Run twice, it does nothing.
  const now = await get(aino, item.id);
  await remakeThumbnail(killed, item.id, context);
  expect((await get(aino, item.id)).thumbUrl).toBe(now.thumbUrl);
});

it('a file that cannot be opened keeps its old thumbnail, and is tried twice at most', async () => {
  await using app = await createTestApp(off);
  const aino = await app.admin();
  const [broken, whole] = [await add(aino), await add(aino)];
  const old = await age(app, broken);
  await age(app, whole);
  await writeFile(join(app.dataDir, 'media', keyOf(broken.url).slice(0, 2), keyOf(broken.url)), 'no picture');
  await app.work();
  const planned = [await planRemakes(app.deps)];
  const done = async () => {
    const jobs = await openJobs(app);
    return jobs && jobs.ready + jobs.active + jobs.delayed;
  };
  await expect.poll(async () => keyOf((await get(aino, whole.id)).thumbUrl)).not.toContain('00000000-');
  await expect.poll(done).toBe(0);
  for (let i = 0; i < 3; i++) {
    planned.push(await planRemakes(app.deps));
    await expect.poll(done).toBe(0);
  }
  expect(planned).toEqual([2, 1, 0, 0]);
  expect(await get(aino, broken.id)).toMatchObject({ state: 'ready' });
  expect(keyOf((await get(aino, broken.id)).thumbUrl)).toBe(old);
  expect((await openJobs(app))?.failed).toBe(0);
});

it('a server that cannot read the file tries again, and a file that was replaced keeps the new thumbnail', async () => {
  await using app = await createTestApp(off);
  const aino = await app.admin();
  const item = await add(aino);
  await age(app, item);
  const deps = { ...app.deps, directory: app.deps.tmpDir };
  const lost = { ...deps, storage: { ...deps.storage, read: () => Promise.resolve(null) } };
  await expect(remakeThumbnail(lost, item.id, context)).rejects.toThrow('not there');

  // Replaced while the new one is being made.
  const other = await picture('webp', { width: 90, height: 60 });
  const replaced = {
    ...deps,
    storage: {
      ...deps.storage,
      async put(...[key, path, object]: Parameters<typeof deps.storage.put>) {
        await deps.storage.put(key, path, object);
        const body = new FormData();
        body.set('file', other, 'other.webp');
        await aino.request(`/api/media/${item.id}/file`, { method: 'PUT', body });
      },
    },
  };
  await expect(remakeThumbnail(replaced, item.id, context)).rejects.toThrow('changed meanwhile');
  expect(await sizeOf(aino, await get(aino, item.id))).toEqual([90, 60]);
  await faultless(app, 1);
});
