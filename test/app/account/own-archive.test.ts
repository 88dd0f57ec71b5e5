import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { extract } from 'tar-stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkArchive, importFolder } from '../../../app/archive/import.service.ts';
import { collection } from '../../../app/collections/collections.schema.ts';
import { mediaItem, mediaList } from '../../../app/media/media.schema.ts';
import { outcome } from '../../support/errors.ts';
import { picture } from '../../support/media/pictures.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { programOf } from '../../support/servers/tokens.ts';

let app: TestApp;
let aino: Visitor;
let ilmari: Visitor;
let folder: string;
const ids: Record<string, string> = {};
beforeAll(async () => {
  app = await createTestApp({ OCR: 'off' });
  folder = await mkdtemp(join(tmpdir(), 'meemikansio-own-archive-'));
  aino = await app.admin();
  ilmari = await app.member(aino, 'Ilmari');
  ids['foreign'] = await upload(aino, 'Ainon salaisuus');
  ids['own'] = await upload(ilmari, 'Ilmarin kuva');
  ids['trashed'] = await upload(ilmari, 'Ilmarin roska');
  await ilmari.send('DELETE', `/api/media/${ids['trashed']}`);
  const name = { name: 'Ilmarin kokoelma' };
  const made = collection.parse(await (await ilmari.send('POST', '/api/collections', name)).json());
  await ilmari.send('POST', `/api/collections/${made.id}/items`, { ids: [ids['own'], ids['foreign']] });
  await aino.send('POST', '/api/collections', { name: 'Ainon kokoelma' });
  await ilmari.send('POST', '/api/shares', { itemIds: [ids['own'], ids['foreign']] });
  await ilmari.send('POST', '/api/shares', { itemIds: [ids['foreign']] });
  await aino.send('POST', '/api/shares', { itemIds: [ids['own']] });
  for (const by of [aino, ilmari])
    await by.send('PUT', '/api/favourites', { ids: [ids['own']], favourite: true });
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function upload(by: Visitor, title: string): Promise<string> {
  return mediaItem.parse(await (await by.upload(await picture(), 'meme.png', { title })).json()).id;
}

async function archive(): Promise<Buffer> {
  const answer = await ilmari.request('/api/account/archive');
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('application/x-tar');
  expect(answer.headers.get('content-disposition')).toMatch(
    /^attachment; filename="meemikansio-Ilmari-\d{4}-\d\d-\d\d\.tar"/,
  );
  expect(answer.headers.get('cache-control')).toBe('no-store');
  return Buffer.from(await answer.arrayBuffer());
}

it('holds everything of its user, and nothing of others', async () => {
  const bytes = await archive();
  expect(await checkArchive(Readable.from([bytes]), folder)).toMatchObject({
    people: 1,
    items: 2,
    collections: 1,
    shares: 1,
  });
  const tar = extract();
  const texts: string[] = [];
  Readable.from([bytes]).pipe(tar);
  for await (const entry of tar) {
    const content = await buffer(entry);
    if (entry.header.name.endsWith('json')) texts.push(content.toString());
  }
  const text = texts.join('');
  expect(text).toContain('Ilmarin kuva');
  expect(text).toContain('Ilmarin roska');
  for (const other of ['Aino', 'passwordHash', ids['foreign'] ?? '?']) expect(text).not.toContain(other);
  const { id: ainoId } = await app.deps.db
    .selectFrom('users')
    .select('id')
    .where('role', '=', 'admin')
    .executeTakeFirstOrThrow();
  expect(text).not.toContain(ainoId);
});

it('can be imported into another library', async () => {
  const bytes = await archive();
  await using other = await createTestApp({ OCR: 'off' });
  const admin = await other.admin();
  const { db, storage, jobs, logger } = other.deps;
  const owner = await db.selectFrom('users').select('id').executeTakeFirstOrThrow();
  await importFolder({
    db,
    storage,
    jobs,
    logger,
    readsText: false,
    source: Readable.from([bytes]),
    folder,
    owner: owner.id,
  });
  const { items } = mediaList.parse(await (await admin.request('/api/media')).json());
  expect(items.map(({ title }) => title)).toEqual(['Ilmarin kuva']);
  expect((await admin.request(items[0]?.url ?? '')).status).toBe(200);
});

it('is for signed-in people and for tokens that read', async () => {
  expect(await outcome(await app.visitor().request('/api/account/archive'))).toBe('401 not_signed_in');
  const uploader = await programOf(app, ilmari, 'upload');
  expect(await outcome(await uploader.send('GET', '/api/account/archive'))).toBe('403 scope_missing');
  const reader = await (await programOf(app, ilmari, 'read')).send('GET', '/api/account/archive');
  expect(reader.status).toBe(200);
  await reader.body?.cancel();
});

it('is not begun for HEAD, and ends when its reader leaves', async () => {
  const head = await ilmari.request('/api/account/archive', { method: 'HEAD' });
  expect([head.status, head.body]).toEqual([200, null]);
  const answer = await ilmari.request('/api/account/archive');
  const reader = answer.body?.getReader();
  expect((await reader?.read())?.done).toBe(false);
  await reader?.cancel();
  // The next one is whole.
  expect((await checkArchive(Readable.from([await archive()]), folder)).items).toBe(2);
});
