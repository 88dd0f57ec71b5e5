import sharp from 'sharp';
import { expect, it } from 'vitest';
import { createLogger } from '../../../app/logger.ts';
import { verifyStorage } from '../../../app/media/housekeeping.service.ts';
import { mediaItem, type MediaItem } from '../../../app/media/media.schema.ts';
import { runStage } from '../../../app/media/stages/stages.service.ts';
import { textStage } from '../../../app/media/stages/text.stage.ts';
import { remakeThumbnail } from '../../../app/media/thumbnail-remakes.service.ts';
import { strip } from '../../support/media/strips.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';

const context = {
  signal: new AbortController().signal,
  logger: createLogger('silent', false),
  lastTry: false,
};

const read = async (response: Promise<Response>): Promise<MediaItem> =>
  mediaItem.parse(await (await response).json());
const get = (by: Visitor, id: string) => read(by.request(`/api/media/${id}`));

/** Returns the rows of a thumbnail that show the pale band, as shares of its height. */
async function bandIn(by: Visitor, { thumbUrl }: MediaItem): Promise<{ from: number; to: number } | null> {
  const webp = await (await by.request(thumbUrl ?? '')).bytes();
  const { data, info } = await sharp(webp).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const rows = Array.from({ length: info.height }, (_, y) => y).filter((y) => {
    const at = (y * info.width + 5) * 3;
    return (data[at] ?? 0) > 220 && (data[at + 1] ?? 0) > 200 && (data[at + 2] ?? 255) < 190;
  });
  const [from, to] = [rows[0], rows.at(-1)];
  return from === undefined || to === undefined ? null : { from: from / info.height, to: to / info.height };
}
const openJobs = async (app: TestApp) => {
  const jobs = (await app.deps.jobs.state()).find(({ name }) => name === 'media.remake-thumbnail');
  return jobs ? jobs.ready + jobs.active + jobs.delayed : 0;
};

it('the thumbnail of a tall picture shows its first words once they have been read', async () => {
  await using app = await createTestApp();
  const aino = await app.admin();
  const low = await read(aino.upload(await strip(2400), 'low.png'));
  const high = await read(aino.upload(await strip(0), 'high.png'));
  const wordless = await read(aino.upload(await strip(3000, ''), 'wordless.png'));
  expect(await bandIn(aino, low)).toBeNull();
  await app.work();
  for (const { id } of [low, high, wordless])
    await expect.poll(async () => (await get(aino, id)).state).toBe('ready');
  await expect.poll(() => openJobs(app)).toBe(0);

  const shown = await get(aino, low.id);
  expect(shown.text).toBe('KISSA ISTUU PUUSSA');
  expect(shown.thumbUrl).not.toBe(low.thumbUrl);
  const band = await bandIn(aino, shown);
  expect(band?.from).toBe(0);
  expect(band?.to).toBeGreaterThan(0.2);
  expect((await bandIn(aino, await get(aino, high.id)))?.from).toBe(0);
  expect((await get(aino, wordless.id)).thumbUrl).toBe(wordless.thumbUrl);
  expect(await verifyStorage(app.deps)).toMatchObject({ items: 3, missing: [], orphans: [] });

  // Read again, it stays. Another file begins anew.
  await aino.send('POST', `/api/media/${low.id}/reprocess`, {});
  await expect.poll(async () => (await get(aino, low.id)).state).toBe('ready');
  await expect.poll(() => openJobs(app)).toBe(0);
  expect((await bandIn(aino, await get(aino, low.id)))?.from).toBe(0);
  const body = new FormData();
  body.set('file', await strip(2000, ''), 'other.png');
  await aino.request(`/api/media/${low.id}/file`, { method: 'PUT', body });
  expect(await bandIn(aino, await get(aino, low.id))).toBeNull();
});

it('a process that is killed after it read the words makes the thumbnail when it is back', async () => {
  await using app = await createTestApp();
  const aino = await app.admin();
  const item = await read(aino.upload(await strip(2400), 'low.png'));
  const deps = { ...app.deps, directory: app.deps.tmpDir };
  const { token } = await app.deps.db
    .selectFrom('media_stages')
    .select('token')
    .where('media_id', '=', item.id)
    .where('stage', '=', 'text')
    .executeTakeFirstOrThrow();
  const run = { mediaId: item.id, stage: 'text' as const, token };
  await runStage(deps, run, context, async () => ({ values: { text: 'read', words_top: 2300 } }));
  expect((await get(aino, item.id)).thumbUrl).toBe(item.thumbUrl);

  // The words are found elsewhere while the thumbnail is being made.
  const meanwhile = {
    ...deps,
    storage: {
      ...deps.storage,
      async put(...args: Parameters<typeof deps.storage.put>) {
        await deps.storage.put(...args);
        await app.deps.db.updateTable('media').set({ words_top: 2400 }).where('id', '=', item.id).execute();
      },
    },
  };
  await expect(remakeThumbnail(meanwhile, item.id, context)).rejects.toThrow('changed meanwhile');

  await app.work();
  await expect.poll(async () => (await get(aino, item.id)).thumbUrl).not.toBe(item.thumbUrl);
  expect((await bandIn(aino, await get(aino, item.id)))?.from).toBe(0);
  await expect.poll(() => openJobs(app)).toBe(0);
  expect(await verifyStorage(app.deps)).toMatchObject({ items: 1, missing: [], orphans: [] });
});

it('the row tells what the thumbnail shows, so that the picture is not decoded for it', async () => {
  await using app = await createTestApp();
  const aino = await app.admin();
  const item = await read(aino.upload(await strip(2400), 'low.png'));
  const rowOf = () =>
    app.deps.db
      .selectFrom('media')
      .select(['thumb_top', 'words_top'])
      .where('id', '=', item.id)
      .executeTakeFirstOrThrow();
  expect(await rowOf()).toEqual({ thumb_top: 0, words_top: null });
  // As if the thumbnail showed the words already. The picture itself says otherwise.
  await app.deps.db.updateTable('media').set({ thumb_top: 2300 }).where('id', '=', item.id).execute();

  const { token } = await app.deps.db
    .selectFrom('media_stages')
    .select('token')
    .where('media_id', '=', item.id)
    .where('stage', '=', 'text')
    .executeTakeFirstOrThrow();
  const reader = {
    concurrency: 1,
    read: async () => ({ text: 'KISSA', lines: [{ top: 0.62, bottom: 0.64, letters: 16 }] }),
    problem: async () => null,
    stop: async () => {},
  };
  const { decoding } = app.deps;
  await runStage(
    { ...app.deps, directory: app.deps.tmpDir },
    { mediaId: item.id, stage: 'text', token },
    context,
    (input) => textStage({ reader, ffmpeg: null, decoding }, input),
  );
  expect(await rowOf()).toEqual({ thumb_top: 2300, words_top: null });
});
