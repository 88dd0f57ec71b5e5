import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ENOUGH_ALIKE_ITEMS, MAX_ALIKE_ITEMS } from '../../../../app/media/alike/alike.limits.ts';
import { HASH_BYTES } from '../../../../app/media/alike/perceptual-hash.shared.ts';
import { fillAlike } from '../../../support/databases/fill-alike.ts';
import { alikeAnswer } from '../../../../app/media/alike/alike.schema.ts';
import { fingerprintOf } from '../../../../app/media/alike/fingerprint.ts';
import { mediaItem, mediaList, type MediaItem } from '../../../../app/media/media.schema.ts';
import { saveAgain } from '../../../support/media/saved-again.ts';
import { randomOf } from '../../../support/media/seeded.ts';
import { makeTemplate, writeMeme } from '../../../support/media/templates.ts';
import { blobOf } from '../../../support/media/videos.ts';
import { createTestApp, type TestApp, type Visitor } from '../../../support/servers/app.ts';

let app: TestApp;
let aino: Visitor;
let louhi: Visitor;
const items: Record<string, MediaItem> = {};
const idOf = (name: string) => items[name]?.id ?? '';
const names = (ids: readonly string[]) =>
  ids.map((id) => Object.keys(items).find((name) => idOf(name) === id));

/** Adds an item with the words that text recognition would read. */
async function add(name: string, bytes: Uint8Array, text: string, by = aino) {
  const response = await by.upload(blobOf(bytes), 'a.png', { title: name });
  expect(response.status, await response.clone().text()).toBe(201);
  const { id } = mediaItem.parse(await response.json());
  const read = await by.send('PATCH', `/api/media/${id}`, { text });
  items[name] = mediaItem.parse(await read.json());
}

beforeAll(async () => {
  app = await createTestApp({ OCR: 'off' });
  aino = await app.admin();
  louhi = await app.member(aino, 'Louhi');
  const template = await makeTemplate(2);
  const monday = await writeMeme(template, 'KUN MAANANTAI', 'ALKAA TAAS');
  const random = randomOf(1);
  await add('monday', monday, 'KUN MAANANTAI ALKAA TAAS');
  await add('again', await saveAgain(monday, 'jpeg', random), 'KUN MAANANTAl ALKAA TAAS', louhi);
  await add('mirrored', await saveAgain(monday, 'mirrored', random), 'KUN MAANANTAI ALKAA TAAS');
  await add(
    'friday',
    await writeMeme(template, 'KUN PERJANTAI', 'ON TÄÄLLÄ'),
    'KUN PERJANTAI ON TÄÄLLÄ',
    louhi,
  );
  await add('blank', template.picture, '');
  await add(
    'other',
    await writeMeme(await makeTemplate(5), 'KUN MAANANTAI', 'ALKAA TAAS'),
    'KUN MAANANTAI ALKAA TAAS',
  );
});
afterAll(() => app[Symbol.asyncDispose]());

describe('GET /api/media/:id/alike', () => {
  const alike = async (name: string, by = aino, query = '') => {
    const response = await by.request(`/api/media/${idOf(name)}/alike?${query}`);
    expect(response.status, await response.clone().text()).toBe(200);
    return alikeAnswer.parse(await response.json());
  };
  const found = ({ items }: { items: { item: { id: string } }[] }) => names(items.map(({ item }) => item.id));

  it('tells the same meme, mirrored too, from its template with other words', async () => {
    const { meme, template } = await alike('monday');
    expect(found(meme)).toEqual(['mirrored', 'again']);
    expect(meme.items.map(({ mirrored }) => mirrored)).toEqual([true, false]);
    expect(meme.total).toEqual({ value: 2, exact: true });
    expect(found(template)).toEqual(['blank', 'friday']);
    const none = { items: [], total: { value: 0, exact: true } };
    expect(await alike('other')).toEqual({ meme: none, template: none });
  });

  it('lets distance alone decide when neither has words', async () => {
    await add('blank again', await saveAgain((await makeTemplate(2)).picture, 'webp', randomOf(3)), '');
    expect(found((await alike('blank')).meme)).toEqual(['blank again']);
    await aino.send('DELETE', `/api/media/${idOf('blank again')}`);
  });

  it('has the newest of each relation up to the limit, and counts all', async () => {
    const { meme, template } = await alike('monday', aino, 'limit=1');
    expect([found(meme), meme.total.value]).toEqual([['mirrored'], 2]);
    expect([found(template), template.total.value]).toEqual([['blank'], 2]);
    const older = await alike('monday', aino, `before=${idOf('mirrored')}`);
    expect([found(older.meme), older.meme.total.value]).toEqual([['again'], 2]);
    expect([found(older.template), older.template.total.value]).toEqual([[], 2]);
  });

  it('shows nothing of the trash, and an item there to those who see it', async () => {
    await louhi.send('DELETE', `/api/media/${idOf('friday')}`);
    expect(found((await alike('monday')).template)).toEqual(['blank']);
    const ofTrashed = await alike('friday', louhi);
    expect(found(ofTrashed.template)).toEqual(['blank', 'mirrored', 'again', 'monday']);
    const ilmari = await app.member(aino, 'Ilmari');
    expect((await ilmari.request(`/api/media/${idOf('friday')}/alike`)).status).toBe(404);
    await louhi.send('POST', `/api/media/${idOf('friday')}/restore`);
  });

  it.each(['limit=0', 'limit=101', 'before=1'])('refuses %j', async (query) => {
    expect((await aino.request(`/api/media/${idOf('monday')}/alike?${query}`)).status).toBe(422);
  });
});

describe('GET /api/media/known/:sha256 with the look of a file', () => {
  const known = z.object({ id: z.uuid().nullable(), alike: z.uuid().nullable() });
  const UNKNOWN = '0'.repeat(64);
  const lookOf = async (picture: Buffer) => {
    const { data, info } = await sharp(picture).raw().toBuffer({ resolveWithObject: true });
    return fingerprintOf([{ data, ...info }]).flatMap((hashes) =>
      hashes.map((hash) => Buffer.from(hash).toString('hex')),
    );
  };
  const ask = async (look: readonly string[], sha256 = UNKNOWN, by = aino) =>
    by.request(`/api/media/known/${sha256}?${look.map((hash) => `look=${hash}`).join('&')}`);
  const answer = async (response: Response) => {
    expect(response.status, await response.clone().text()).toBe(200);
    return known.parse(await response.json());
  };

  it('names an item that looks like it, and none at a looser distance', async () => {
    const template = await makeTemplate(11);
    const picture = await writeMeme(template, 'KUN MAANANTAI', 'ALKAA TAAS');
    await add('known', picture, 'KUN MAANANTAI ALKAA TAAS');
    const look = await lookOf(await saveAgain(picture, 'jpeg', randomOf(7)));
    expect(look.length).toBeGreaterThan(0);
    expect(await answer(await ask(look, UNKNOWN, louhi))).toEqual({ id: null, alike: idOf('known') });
    expect(await answer(await ask([]))).toEqual({ id: null, alike: null });
    const other = await lookOf(await writeMeme(await makeTemplate(12), 'KUN', 'TAAS'));
    expect(await answer(await ask(other))).toEqual({ id: null, alike: null });
    // Twenty other bits are still alike, but no longer so by a strict distance.
    const farther = look.map((hash) => `${hash.slice(0, 40)}${turned(hash.slice(40, 45))}${hash.slice(45)}`);
    expect(await answer(await ask(farther))).toEqual({ id: null, alike: null });
    await aino.send('DELETE', `/api/media/${idOf('known')}`);
    expect(await answer(await ask(look))).toEqual({ id: null, alike: null });
  });
  /** Turns every bit of hexadecimal digits. */
  const turned = (hex: string) =>
    hex.replace(/./g, (digit) => (15 - Number.parseInt(digit, 16)).toString(16));

  it('names the item that has the file, and then nothing alike', async () => {
    const bytes = await writeMeme(await makeTemplate(13), 'KUN MAANANTAI', 'ALKAA TAAS');
    await add('exact', bytes, '');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(await answer(await ask(await lookOf(bytes), sha256))).toEqual({ id: idOf('exact'), alike: null });
  });

  it.each([
    ['a hash of the wrong length', ['0'.repeat(62)]],
    ['a longer hash', ['0'.repeat(66)]],
    ['what is no hash', ['x'.repeat(64)]],
    ['an empty hash', ['']],
    ['more hashes than a picture has', Array.from({ length: 4 }, () => '0'.repeat(64))],
  ])('refuses %s', async (_name, look) => {
    const response = await ask(look);
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ code: 'invalid_field' });
  });
});

it('lists the newest of a template of thousands', async () => {
  const { db } = app.deps;
  const random = randomOf(99);
  const common = Uint8Array.from({ length: HASH_BYTES }, () => Math.floor(random() * 256));
  // A tenth of them differ in a bit.
  const ids = await fillAlike(db, 3000, (i) => [
    i % 10 === 0 ? common.with(31, (common[31] ?? 0) ^ 1) : common,
  ]);
  const newest = ids.at(-1) ?? '';
  const response = await aino.request(`/api/media/${newest}/alike?limit=100`);
  expect(response.status).toBe(200);
  const { meme, template } = alikeAnswer.parse(await response.json());
  expect(meme.items.map(({ item }) => item.id)).toEqual(ids.slice(0, -1).toReversed().slice(0, 100));
  expect(meme.total.exact).toBe(false);
  expect(meme.total.value).toBeGreaterThanOrEqual(ENOUGH_ALIKE_ITEMS);
  expect(meme.total.value).toBeLessThanOrEqual(MAX_ALIKE_ITEMS);
  expect(template.total.value).toBe(0);

  const found = mediaList.parse(await (await aino.request(`/api/media?q=like:${newest}&limit=1`)).json());
  expect(found.total?.value).toBeLessThanOrEqual(MAX_ALIKE_ITEMS + 1);
  const look = Buffer.from(common).toString('hex');
  const known = await aino.request(`/api/media/known/${'0'.repeat(64)}?look=${look}`);
  expect(await known.json()).toEqual({ id: null, alike: newest });
});

describe('the search for like:ID', () => {
  const search = async (q: string, more = '', by = aino) => {
    const response = await by.request(`/api/media?q=${encodeURIComponent(q)}${more}`);
    expect(response.status, await response.clone().text()).toBe(200);
    return mediaList.parse(await response.json());
  };
  const found = async (q: string, more = '') => names((await search(q, more)).items.map(({ id }) => id));

  it('finds what is alike, with the item itself, newest first or oldest first', async () => {
    const all = ['blank', 'friday', 'mirrored', 'again', 'monday'];
    expect(await found(`like:${idOf('monday')}`)).toEqual(all);
    expect(await found(`LIKE:${idOf('monday').toUpperCase()}`)).toEqual(all);
    expect(await found(`like:${idOf('monday')}`, '&sort=oldest')).toEqual(all.toReversed());
    expect((await search(`like:${idOf('monday')}`)).total).toEqual({ value: 5, exact: true });
  });

  it('goes with words, filters and other items', async () => {
    const like = `like:${idOf('monday')}`;
    expect(await found(`perjantai ${like}`)).toEqual(['friday']);
    expect(await found(`${like} -maanantai`)).toEqual(['blank', 'friday']);
    expect(await found(`${like} by:louhi`)).toEqual(['friday', 'again']);
    expect(await found(`${like} like:${idOf('other')}`)).toEqual([]);
    expect(await found(`${like} before:2020`)).toEqual([]);
  });

  it.each(['', '&sort=oldest'])('is paged%s', async (sort) => {
    const q = `like:${idOf('monday')}`;
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await search(q, `&limit=2${sort}${cursor}`);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor === null ? '' : `&cursor=${encodeURIComponent(page.nextCursor)}`;
    } while (cursor !== '');
    expect(names(seen)).toEqual(await found(q, sort));
  });

  it('finds nothing for an item that is not there, and plain words for what is no id', async () => {
    expect(await found('like:01890000-0000-7000-8000-000000000000')).toEqual([]);
    expect(await found('like:maanantai')).toEqual([]);
    expect(await found('-like:x')).toEqual([]);
  });
});
