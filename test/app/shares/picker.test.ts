import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mediaItem, mediaList } from '../../../app/media/media.schema.ts';
import { shareAnswer } from '../../../app/shares/shares.schema.ts';
import { outcome } from '../../support/errors.ts';
import { picture } from '../../support/media/pictures.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { programOf, type Program } from '../../support/servers/tokens.ts';

// `GET /api/media?include=share`, by which a bot picks items that people outside can see.

let app: TestApp;
let aino: Visitor;
let ilmari: Visitor;
let bot: Program;
beforeAll(async () => {
  app = await createTestApp({ OCR: 'off' });
  aino = await app.admin();
  ilmari = await app.member(aino, 'Ilmari');
  bot = await programOf(app, ilmari, 'read');
});
afterAll(() => app[Symbol.asyncDispose]());

async function upload(title: string, size = { width: 64, height: 48 }): Promise<string> {
  const answer = await ilmari.upload(await picture('png', size), 'meme.png', { title });
  return mediaItem.parse(await answer.json()).id;
}

async function link(by: Visitor, itemId: string): Promise<string> {
  const answer = await by.send('POST', '/api/shares/link', { itemId });
  return shareAnswer.parse(await answer.json()).share.url;
}

async function pick(query: string) {
  const answer = await bot.send('GET', `/api/media?${query}`);
  expect(answer.status).toBe(200);
  return mediaList.parse(await answer.json()).items;
}

const shareCount = async () => (await app.deps.db.selectFrom('shares').select('code').execute()).length;

it('answers the share address of each item, its preview and sizes, to a token that reads', async () => {
  const id = await upload('pomeranian sohvalla', { width: 800, height: 600 });
  const url = await link(ilmari, id);
  const [item] = await pick('q=pomeranian&include=share');
  expect(item).toMatchObject({
    id,
    width: 800,
    height: 600,
    share: { url, preview: { url: `${url}/card.jpg`, width: 800, height: 600 } },
  });
  expect(item?.byteSize).toBeGreaterThan(0);

  const outside = app.visitor();
  expect((await outside.request(new URL(url).pathname)).status).toBe(200);
  const preview = await outside.request(new URL(item?.share?.preview?.url ?? '').pathname);
  expect([preview.status, preview.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
  const { width, height } = await sharp(Buffer.from(await preview.arrayBuffer())).metadata();
  expect({ width, height }).toEqual({ width: 800, height: 600 });
});

it('says nothing of shares unless asked, and refuses what else is to be included', async () => {
  await upload('basenji');
  const [item] = await pick('q=basenji');
  expect([item?.title, item && 'share' in item]).toEqual(['basenji', false]);
  expect(await outcome(await bot.send('GET', '/api/media?include=everything'))).toBe('422 invalid_field');
});

it('makes no share, and answers null for an item without a lasting one of the user alone', async () => {
  const [one, two, three, four, five] = await Promise.all(
    [1, 2, 3, 4, 5].map((n) => upload(`vinttikoira ${n}`)),
  );
  const share = (body: object) => ilmari.send('POST', '/api/shares', body);
  await share({ itemIds: [one], expires: 'week' });
  await share({ itemIds: [two, three] });
  await link(aino, four ?? '');
  const revoked = new URL(await link(ilmari, five ?? '')).pathname.replace('/s/', '');
  await ilmari.send('DELETE', `/api/shares/${revoked}`);
  const before = await shareCount();
  const items = await pick('q=vinttikoira&include=share');
  expect(items.map(({ share }) => share)).toEqual([null, null, null, null, null]);
  expect(await shareCount()).toBe(before);
  expect(await outcome(await bot.send('POST', '/api/shares/link', { itemId: one }))).toBe(
    '403 scope_missing',
  );
});

it('prefers the oldest link, and one that does not name its user', async () => {
  const id = await upload('bullmastiffi');
  const named = { itemIds: [id], showSharer: true };
  await ilmari.send('POST', '/api/shares', named);
  const url = await link(ilmari, id);
  expect((await pick('q=bullmastiffi&include=share'))[0]?.share?.url).toMatch(/\/s\//);
  const anonymous = await ilmari.send('POST', '/api/shares', { itemIds: [id] });
  const second = shareAnswer.parse(await anonymous.json()).share.url;
  const [item] = await pick('q=bullmastiffi&include=share');
  expect(item?.share?.url).toBe(second);
  expect(item?.share?.url).not.toBe(url);
  await ilmari.send('POST', '/api/shares', { itemIds: [id] });
  expect((await pick('q=bullmastiffi&include=share'))[0]?.share?.url).toBe(second);
});

it('answers null in the trash, and no preview of a video before its poster is made', async () => {
  const [gone, video] = [await upload('beagle pois'), await upload('collie liikkuu')];
  await link(ilmari, gone);
  const url = await link(ilmari, video);
  await ilmari.send('DELETE', `/api/media/${gone}`);
  const trash = await pick('trash=true&include=share');
  expect(trash.find(({ id }) => id === gone)?.share).toBeNull();

  await app.deps.db
    .updateTable('media')
    .set({ kind: 'video', mime: 'video/mp4', object_key: `${randomUUID()}.mp4` })
    .where('id', '=', video)
    .execute();
  expect((await pick('q=collie&include=share'))[0]?.share).toEqual({ url, preview: null });
});

it('keeps a cursor valid with and without shares, also in an empty list', async () => {
  await Promise.all([1, 2].map((n) => upload(`mäyräkoira ${n}`)));
  const first = mediaList.parse(
    await (await bot.send('GET', '/api/media?q=m%C3%A4yr%C3%A4koira&limit=1&include=share')).json(),
  );
  const next = `q=m%C3%A4yr%C3%A4koira&limit=1&cursor=${first.nextCursor}`;
  expect((await pick(next)).length).toBe(1);
  expect((await pick(`${next}&include=share`))[0]?.share).toBeNull();
  expect(await pick('tag=olematon&include=share')).toEqual([]);
});
