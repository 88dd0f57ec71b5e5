import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { jobsState, retryResult, usage } from '../../../app/admin/admin.schema.ts';
import { mediaItem } from '../../../app/media/media.schema.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { animation, picture } from '../../support/media/pictures.ts';
import { failReading } from '../../support/stages.ts';

let app: TestApp;
let aino: Visitor;
let louhi: Visitor;
beforeAll(async () => {
  app = await createTestApp();
  aino = await app.admin();
  louhi = await app.member(aino, 'Louhi');
});
afterAll(() => app[Symbol.asyncDispose]());

const add = async (by: Visitor, file: Blob) => mediaItem.parse(await (await by.upload(file, 'meme')).json());
const jobs = async () => jobsState.parse(await (await aino.request('/api/admin/jobs')).json());
const stateOf = async (id: string) =>
  mediaItem.parse(await (await aino.request(`/api/media/${id}`)).json()).state;

it('keeps its settings', async () => {
  const settings = async () => (await aino.request('/api/admin/settings')).json();
  expect(await settings()).toEqual({ membersMayInvite: true });
  const patch = await aino.send('PATCH', '/api/admin/settings', { membersMayInvite: false });
  expect(await patch.json()).toEqual({ membersMayInvite: false });
  expect(await (await aino.send('PATCH', '/api/admin/settings', {})).json()).toEqual({
    membersMayInvite: false,
  });
  expect(await settings()).toEqual({ membersMayInvite: false });
  expect((await aino.send('PATCH', '/api/admin/settings', { membersMayInvite: 'no' })).status).toBe(422);
});

it('adds up what originals take, by person and kind, the trash included', async () => {
  const [first, second, moving] = [await picture(), await picture('jpeg'), await animation()];
  await add(aino, first);
  const { id } = await add(aino, second);
  await aino.send('DELETE', `/api/media/${id}`);
  await add(louhi, moving);
  const report = usage.parse(await (await aino.request('/api/admin/usage')).json());
  expect(report.figures).toEqual([
    { name: 'items', unit: 'count', value: 3 },
    { name: 'bytes', unit: 'bytes', value: first.size + second.size + moving.size },
  ]);
  expect(report.rows.toSorted((a, b) => b.items - a.items)).toMatchObject([
    { username: 'Aino', kind: 'image', items: 2, bytes: first.size + second.size },
    { username: 'Louhi', kind: 'animation', items: 1, bytes: moving.size },
  ]);
});

it('answers unknown for a failure that another release stored', async () => {
  const { id } = await add(louhi, await picture());
  await failReading(app.deps.db, id, 'text');
  const failure = 'A sentence of an older release.';
  await app.deps.db.updateTable('media_stages').set({ failure }).where('media_id', '=', id).execute();
  await app.deps.db.updateTable('media').set({ failure }).where('id', '=', id).execute();
  expect((await jobs()).failed).toMatchObject([{ id, failure: 'unknown' }]);
  const item = mediaItem.parse(await (await aino.request(`/api/media/${id}`)).json());
  expect(item.failure).toBe('unknown');
  expect(item.stages).toMatchObject([{ stage: 'text', failure: 'unknown' }]);
  await aino.send('POST', '/api/admin/jobs/retry', { id });
});

it('shows the queues, and failed items with their reason until they are tried again', async () => {
  const [one, two] = [await add(louhi, await picture()), await add(louhi, await picture())];
  expect((await jobs()).queues.map(({ name }) => name)).toContain('media.read-text');
  for (const { id } of [one, two]) await failReading(app.deps.db, id, 'models');
  expect((await jobs()).failed).toMatchObject([
    { id: two.id, owner: 'Louhi', failure: 'models', originalName: 'meme' },
    { id: one.id },
  ]);

  const retry = async (body: object) =>
    retryResult.parse(await (await aino.send('POST', '/api/admin/jobs/retry', body)).json());
  expect(await retry({ id: one.id })).toEqual({ count: 1 });
  expect(await retry({ id: one.id })).toEqual({ count: 0 });
  expect(await stateOf(one.id)).toBe('processing');
  expect(await stateOf(two.id)).toBe('failed');
  expect(await retry({})).toEqual({ count: 1 });
  expect((await jobs()).failed).toEqual([]);
  const { rows } = await sql<{ mediaId: string }>`
    select data->>'mediaId' as "mediaId" from pgboss.job where name = 'media.read-text'`.execute(app.deps.db);
  // Once from the upload, once from the retry.
  for (const { id } of [one, two]) expect(rows.filter(({ mediaId }) => mediaId === id)).toHaveLength(2);
});

it('starts over the work on everything, failed or not, but not in the trash', async () => {
  const [kept, gone] = [await add(louhi, await picture()), await add(louhi, await picture())];
  await louhi.send('DELETE', `/api/media/${gone.id}`);
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from media where deleted_at is null`.execute(app.deps.db);
  const all = await aino.send('POST', '/api/admin/jobs/retry', { everything: true });
  expect(retryResult.parse(await all.json())).toEqual({ count: rows[0]?.count });
  expect(await stateOf(kept.id)).toBe('processing');
  // A body that means neither is refused. The route does not fall back to the smaller of the two.
  for (const body of [{ everything: false }, { everything: true, id: kept.id }, { all: true }])
    expect((await aino.send('POST', '/api/admin/jobs/retry', body)).status).toBe(422);
});
