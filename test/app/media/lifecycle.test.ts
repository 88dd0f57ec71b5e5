import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { createLogger } from '../../../app/logger.ts';
import { sweepOrphans, verifyStorage } from '../../../app/media/housekeeping.service.ts';
import { purgeExpired } from '../../../app/media/purge.service.ts';
import { mediaItem, type MediaItem } from '../../../app/media/media.schema.ts';
import { reprocess, reprocessItem, resumeText } from '../../../app/media/reprocess.service.ts';
import { markFailed, runStage } from '../../../app/media/stages/stages.service.ts';
import { textStage } from '../../../app/media/stages/text.stage.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { picture } from '../../support/media/pictures.ts';

const logger = createLogger('silent', false);
const off = { OCR: 'off' };

const parse = async (response: Promise<Response>, status: number): Promise<MediaItem> => {
  const answered = await response;
  expect(answered.status, await answered.clone().text()).toBe(status);
  return mediaItem.parse(await answered.json());
};
const add = async (by: Visitor) => parse(by.upload(await picture(), 'meme.png'), 201);
const get = (by: Visitor, id: string) => parse(by.request(`/api/media/${id}`), 200);

async function replace(by: Visitor, id: string, file: Blob): Promise<Response> {
  const body = new FormData();
  body.set('file', file, 'other.webp');
  return by.request(`/api/media/${id}/file`, { method: 'PUT', body });
}
const agree = async (app: TestApp, items: number, objects: number) => {
  const report = await verifyStorage(app.deps);
  expect(report).toEqual({ items, objects, missing: [], wrongSize: [], orphans: [], keeps: null });
};

it('a replaced file leaves no object of the old one; only the owner or an admin may', async () => {
  await using app = await createTestApp(off);
  const aino = await app.admin();
  const louhi = await app.member(aino, 'Louhi');
  const item = await add(aino);
  expect((await replace(louhi, item.id, await picture('webp'))).status).toBe(403);
  const other = await parse(replace(aino, item.id, await picture('webp', { width: 90, height: 60 })), 200);
  expect(other).toMatchObject({ id: item.id, mime: 'image/webp', width: 90, height: 60, state: 'ready' });
  expect(other.url).not.toBe(item.url);
  expect((await aino.request(item.url)).status).toBe(404);
  const same = await picture();
  const third = await parse(aino.upload(same, 'third.png'), 201);
  const conflict = await replace(aino, item.id, same);
  expect(conflict.status).toBe(409);
  expect(await conflict.json()).toMatchObject({ code: 'already_here', details: { id: third.id } });
  await agree(app, 2, 4);
});

it('what is 30 days in the trash goes, with its objects, and nothing else does', async () => {
  await using app = await createTestApp(off);
  const aino = await app.admin();
  const [old, recent, kept] = [await add(aino), await add(aino), await add(aino)];
  for (const { id } of [old, recent]) await aino.send('DELETE', `/api/media/${id}`);
  const days = async (id: string, count: number) =>
    sql`update media set deleted_at = now() - make_interval(days => ${count}) where id = ${id}`.execute(
      app.deps.db,
    );
  await days(old.id, 31);
  await days(recent.id, 29);
  expect(await purgeExpired(app.deps)).toBe(1);
  expect((await aino.request(`/api/media/${old.id}`)).status).toBe(404);
  expect((await aino.request(old.url)).status).toBe(404);
  expect(await parse(aino.send('POST', `/api/media/${recent.id}/restore`), 200)).toMatchObject({
    deletedAt: null,
  });
  expect((await get(aino, kept.id)).deletedAt).toBeNull();
  await agree(app, 2, 4);
});

it('an orphaned object is found, kept for a day and then removed; a missing one is named', async () => {
  await using app = await createTestApp(off);
  const aino = await app.admin();
  const item = await add(aino);
  const lost = await add(aino);
  const key = '00000000-0000-4000-8000-000000000000.png';
  await app.deps.storage.put(key, import.meta.filename, { contentType: 'image/png' });
  const lostKey = lost.url.split('/').at(-1) ?? '';
  await rm(join(app.dataDir, 'media', lostKey.slice(0, 2), lostKey));

  expect(await sweepOrphans(app.deps, logger)).toBe(0);
  const report = await verifyStorage(app.deps, { repair: true });
  expect(report.orphans).toMatchObject([{ key, removed: false }]);
  expect(report.missing).toEqual([{ id: lost.id, key: lostKey, column: 'object_key' }]);
  expect(await sweepOrphans(app.deps, logger, -1000)).toBe(1);
  expect((await verifyStorage(app.deps)).orphans).toEqual([]);
  expect((await aino.request(item.url)).status).toBe(200);
});

it('reprocessing makes new renditions under new keys and removes the old ones', async () => {
  await using app = await createTestApp(off);
  const aino = await app.admin();
  const item = await add(aino);
  await app.work();
  await parse(aino.send('POST', `/api/media/${item.id}/reprocess`), 200);
  await expect.poll(async () => (await get(aino, item.id)).state).toBe('ready');
  const again = await get(aino, item.id);
  expect(again.thumbUrl).not.toBe(item.thumbUrl);
  expect(again.url).toBe(item.url);
  expect((await aino.request(again.thumbUrl ?? '')).status).toBe(200);
  await agree(app, 1, 2);
});

it('a text that a person corrected outlives a new reading, a new file, and asking for one that nobody can do', async () => {
  await using app = await createTestApp();
  const aino = await app.admin();
  const item = await add(aino);
  await app.work();
  const settled = async () => {
    await expect.poll(async () => (await get(aino, item.id)).state).toBe('ready');
    const { text, textEdited } = await get(aino, item.id);
    return { text, textEdited };
  };
  await settled();
  await parse(aino.send('PATCH', `/api/media/${item.id}`, { text: 'omin sanoin' }), 200);
  const mine = { text: 'omin sanoin', textEdited: true };
  await parse(aino.send('POST', `/api/media/${item.id}/reprocess`), 200);
  expect(await settled()).toEqual(mine);
  await parse(replace(aino, item.id, await picture('webp')), 200);
  expect(await settled()).toEqual(mine);
  await reprocessItem({ ...app.deps, readsText: false }, item.id, { overwriteText: true });
  expect(await settled()).toEqual(mine);
  await parse(aino.send('POST', `/api/media/${item.id}/reprocess`, { overwriteText: true }), 200);
  expect(await settled()).toEqual({ text: '', textEdited: false });
});

it('a run whose process died in its last try fails, says why, and can be tried again', async () => {
  await using app = await createTestApp();
  const aino = await app.admin();
  const item = await add(aino);
  expect(item.stages).toEqual([{ stage: 'text', state: 'pending', failure: null }]);
  const { token } = await app.deps.db
    .selectFrom('media_stages')
    .select('token')
    .where('media_id', '=', item.id)
    .where('stage', '=', 'text')
    .executeTakeFirstOrThrow();
  await markFailed(app.deps.db, { mediaId: item.id, token });
  const failed = await get(aino, item.id);
  expect(failed).toMatchObject({ state: 'failed', failure: 'text' });
  expect(await reprocess({ ...app.deps, readsText: true }, 'failed')).toBe(1);
  expect(await get(aino, item.id)).toMatchObject({ state: 'processing', failure: null });
  await markFailed(app.deps.db, { mediaId: item.id, token });
  expect((await get(aino, item.id)).state).toBe('processing'); // the call belonged to an earlier run
});

it('a stage stores the code of its failure, never the sentence of an error', async () => {
  await using app = await createTestApp();
  const aino = await app.admin();
  const { deps } = app;
  const run = async (mediaId: string, work: Parameters<typeof runStage>[3]) => {
    const stage = 'text';
    const { token } = await rowOf(mediaId);
    const context = { signal: new AbortController().signal, lastTry: true, logger };
    await runStage({ ...deps, directory: deps.tmpDir }, { mediaId, stage, token }, context, work).catch(
      (error: unknown) => expect(error).toBeInstanceOf(Error),
    );
    return rowOf(mediaId);
  };
  const rowOf = (id: string) =>
    deps.db
      .selectFrom('media_stages')
      .select(['token', 'state', 'failure'])
      .where('media_id', '=', id)
      .where('stage', '=', 'text')
      .executeTakeFirstOrThrow();

  const broken = await run((await add(aino)).id, () => Promise.reject(new Error('A long sentence.')));
  expect(broken).toMatchObject({ state: 'failed', failure: 'text' });

  const lost = await add(aino);
  const { object_key } = await deps.db
    .selectFrom('media')
    .select('object_key')
    .where('id', '=', lost.id)
    .executeTakeFirstOrThrow();
  await deps.storage.delete(object_key);
  const missing = await run(lost.id, async () => ({ values: {} }));
  expect(missing).toMatchObject({ state: 'failed', failure: 'original' });

  const reader = {
    concurrency: 1,
    read: async () => ({ text: '', lines: [] }),
    problem: async () => 'The OCR model /models/fin.traineddata.gz is missing.',
    stop: async () => {},
  };
  const waiting = await run((await add(aino)).id, (input) =>
    textStage({ reader, ffmpeg: null, decoding: deps.decoding }, input),
  );
  expect(waiting).toMatchObject({ state: 'skipped', failure: 'models' });
});

it('the words of a time without OCR are read once there is a reader', async () => {
  await using app = await createTestApp(off);
  const aino = await app.admin();
  const item = await add(aino);
  expect(item).toMatchObject({ state: 'ready', stages: [] });
  const { db, jobs } = app.deps;
  const reader = (problem: string | null) => ({
    concurrency: 1,
    read: async () => ({ text: '', lines: [] }),
    problem: async () => problem,
    stop: async () => {},
  });
  expect(await resumeText({ db, jobs, reader: reader('The models are missing.') })).toBe(0);
  expect(await resumeText({ db, jobs, reader: reader(null) })).toBe(1);
  expect((await get(aino, item.id)).stages).toMatchObject([{ stage: 'text', state: 'pending' }]);
});
