import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { MAX_COLLECTION_ITEMS } from '../../../app/collections/collections.limits.ts';
import {
  collection,
  collectionList,
  itemsAdded,
  itemsRemoved,
} from '../../../app/collections/collections.schema.ts';
import { mediaList } from '../../../app/media/media.schema.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { fillFolder } from '../../support/databases/fill-library.ts';
import { outcome } from '../../support/errors.ts';

let app: TestApp;
let aino: Visitor;
let louhi: Visitor;
let ilmari: Visitor;
let ids: string[];
let adminId: string;

beforeAll(async () => {
  app = await createTestApp({ OCR: 'off' });
  aino = await app.admin();
  louhi = await app.member(aino, 'Louhi');
  ilmari = await app.member(aino, 'Ilmari');
  adminId = (
    await app.deps.db.selectFrom('users').select('id').where('role', '=', 'admin').executeTakeFirstOrThrow()
  ).id;
});
afterAll(() => app[Symbol.asyncDispose]());
beforeEach(async () => {
  const { db } = app.deps;
  await db.deleteFrom('collections').execute();
  await db.deleteFrom('media').execute();
  ids = await fillFolder(
    db,
    adminId,
    ['a', 'b', 'c', 'd', 'e'].map((title) => ({ title, ...(title === 'b' && { kind: 'video' as const }) })),
  );
});

const named = (titles: string) => titles.split('').map((title) => ids['abcde'.indexOf(title)] ?? '');
const at = (id: string, path = '') => `/api/collections/${id}${path}`;
const make = async (who: Visitor, name: string, more = {}) => {
  const response = await who.send('POST', '/api/collections', { name, ...more });
  expect(response.status).toBe(201);
  return collection.parse(await response.json());
};
const add = async (who: Visitor, id: string, titles: string, places = {}) =>
  itemsAdded.parse(await (await who.send('POST', at(id, '/items'), { ids: named(titles), places })).json());
const remove = async (who: Visitor, id: string, titles: string) =>
  itemsRemoved.parse(await (await who.send('POST', at(id, '/remove'), { ids: named(titles) })).json())
    .removed;
const move = (who: Visitor, id: string, titles: string, after: string) =>
  who.send('PUT', at(id, '/order'), { ids: named(titles), after: named(after)[0] ?? null });
const page = async (who: Visitor, query: Record<string, string>) =>
  mediaList.parse(await (await who.request(`/api/media?${new URLSearchParams(query)}`)).json());
const shown = async (q: string, more: Record<string, string> = {}) =>
  (await page(louhi, { q, ...more })).items.map(({ title }) => title).join('');
const list = async (query: Record<string, string> = {}) =>
  collectionList.parse(await (await louhi.request(`/api/collections?${new URLSearchParams(query)}`)).json());
const names = async (query: Record<string, string> = {}) =>
  (await list(query)).collections.map(({ name }) => name);

describe('a collection', () => {
  it('is made by anyone, and shows its items, their number and its covers to everybody', async () => {
    const made = await make(louhi, '  Parhaat   Koirat ', { description: ' Vain koiria ' });
    expect(made).toMatchObject({
      name: 'Parhaat Koirat',
      description: 'Vain koiria',
      sort: 'hand',
      owner: { username: 'Louhi' },
      items: 0,
      covers: [],
    });
    expect((await add(aino, made.id, 'caebd')).collection).toMatchObject({ items: 5 });
    const seen = collection.parse(await (await ilmari.request(at(made.id))).json());
    expect(seen.items).toBe(5);
    expect(seen.covers.map(({ id }) => id)).toEqual(named('caeb'));
    expect(await shown('in:"Parhaat Koirat"')).toBe('caebd');
    expect((await page(ilmari, { q: 'in:"parhaat koirat"' })).total).toEqual({ value: 5, exact: true });
  });

  it('has one name, whatever its case and spaces', async () => {
    const { id } = await make(louhi, 'Iso koira');
    const again = (name: string) => aino.send('POST', '/api/collections', { name });
    expect(await outcome(await again('ISO  KOIRA'))).toBe('409 collection_taken');
    expect(await outcome(await again('iso-koira'))).toBe('409 collection_taken');
    const other = await make(aino, 'Pieni koira');
    const rename = (name: string) => aino.send('PATCH', at(other.id), { name });
    expect(await outcome(await rename('iso Koira'))).toBe('409 collection_taken');
    expect(await outcome(await rename('PIENI koira'))).toBe('200');
    await add(aino, id, 'ab');
    expect(await shown('in:iso-koira')).toBe('ab');
    expect(await shown('in:"iso KOIRA"')).toBe('ab');
    expect(await names({ name: 'iso KOIRA' })).toEqual(['Iso koira']);
    const twice = await Promise.all(['Uusi', 'uusi', 'UUSI'].map(again));
    expect(twice.map(({ status }) => status).toSorted()).toEqual([201, 409, 409]);
  });

  it.each([
    ['', 422],
    ['""', 422],
    ['x'.repeat(61), 422],
    ['x'.repeat(201), 422],
    ['x'.repeat(60), 201],
  ])('refuses a name that is none: %j', async (name, status) => {
    expect((await louhi.send('POST', '/api/collections', { name })).status).toBe(status);
    const { id } = await make(louhi, 'Toinen');
    expect((await louhi.send('PATCH', at(id), { name: name.replaceAll('x', 'y') })).status).toBe(
      status === 201 ? 200 : status,
    );
  });

  it('is changed and deleted by its owner and admins only; its items stay', async () => {
    const { id } = await make(louhi, 'Koirat');
    await add(louhi, id, 'ab');
    expect(await outcome(await ilmari.send('PATCH', at(id), { name: 'x' }))).toBe('403 not_allowed');
    expect(await outcome(await ilmari.send('DELETE', at(id)))).toBe('403 not_allowed');
    expect(await outcome(await louhi.send('PATCH', at(id), { name: 'Hauvat', description: 'uusi' }))).toBe(
      '200',
    );
    expect(await outcome(await aino.send('PATCH', at(id), { sort: 'oldest' }))).toBe('200');
    expect(await names()).toEqual(['Hauvat']);
    expect(await shown('in:hauvat')).toBe('ab');
    expect(await shown('in:koirat')).toBe('');
    expect(await outcome(await aino.send('DELETE', at(id)))).toBe('204');
    expect(await outcome(await louhi.request(at(id)))).toBe('404 not_found');
    expect(await shown('')).toBe('edcba');
    // Another collection of the same name has none of its items.
    await make(louhi, 'Hauvat');
    expect(await shown('in:hauvat')).toBe('');
  });

  it('takes each item once, keeps its place, and says which are new', async () => {
    const { id } = await make(louhi, 'Koirat');
    expect((await add(louhi, id, 'ba')).added.toSorted()).toEqual(named('ab'));
    expect((await add(ilmari, id, 'cab')).added).toEqual(named('c'));
    expect(await shown('in:koirat')).toBe('bac');
    const racing = await Promise.all([1, 2, 3].map(() => add(aino, id, 'de')));
    expect(racing.flatMap(({ added }) => added)).toHaveLength(2);
    expect(await shown('in:koirat')).toBe('bacde');
    const nowhere = '00000000-0000-7000-8000-000000000000';
    expect(await outcome(await aino.send('POST', at(nowhere, '/items'), { ids }))).toBe('404 not_found');
    expect(await outcome(await aino.send('POST', at(nowhere, '/remove'), { ids }))).toBe('404 not_found');
  });

  it('loses items to its owner and admins, and to others what they added', async () => {
    const { id } = await make(louhi, 'Koirat');
    await add(louhi, id, 'ab');
    await add(ilmari, id, 'cd');
    expect((await remove(ilmari, id, 'abc')).map((each) => each.id)).toEqual(named('c'));
    expect(await shown('in:koirat')).toBe('abd');
    const removed = await remove(louhi, id, 'bd');
    expect(removed.map((each) => each.id).toSorted()).toEqual(named('bd').toSorted());
    expect(await shown('in:koirat')).toBe('a');
    // Undo: each goes back to its place.
    await add(louhi, id, 'db', Object.fromEntries(removed.map((each) => [each.id, each.place])));
    await add(aino, id, 'c');
    expect(await shown('in:koirat')).toBe('abdc');
    expect(await remove(aino, id, 'abdc')).toHaveLength(4);
  });

  it('is without the items in the trash, which come back to their places', async () => {
    const { id } = await make(louhi, 'Koirat');
    await add(louhi, id, 'abc');
    await aino.send('DELETE', `/api/media/${named('b')[0]}`);
    expect(await shown('in:koirat')).toBe('ac');
    expect((await list()).collections[0]).toMatchObject({ items: 2, covers: [{}, {}] });
    // Nobody else learns of an item in the trash.
    const { id: other } = await make(ilmari, 'Muut');
    expect((await add(ilmari, other, 'b')).added).toEqual([]);
    await aino.send('POST', `/api/media/${named('b')[0]}/restore`);
    expect(await shown('in:koirat')).toBe('abc');
    // One that is deleted for good leaves nothing.
    await aino.send('DELETE', `/api/media/${named('a')[0]}`);
    await aino.send('DELETE', `/api/media/${named('a')[0]}?forever=true`);
    expect(await shown('in:koirat')).toBe('bc');
  });
});

describe('the order of a collection', () => {
  it('is by hand: items go behind others and to the beginning', async () => {
    const { id } = await make(louhi, 'Koirat');
    await add(louhi, id, 'abcde');
    const steps = [
      ['e', '', 'eabcd'],
      ['e', 'd', 'abcde'],
      ['db', 'a', 'adbce'],
      ['ac', 'e', 'dbeac'],
      ['c', 'd', 'dcbea'],
      ['dcbea', '', 'dcbea'],
    ] as const;
    for (const [titles, after, order] of steps) {
      expect(await outcome(await move(louhi, id, titles, after)), titles).toBe('204');
      expect(await shown('in:koirat')).toBe(order);
    }
    expect(await outcome(await move(louhi, id, 'a', 'a'))).toBe('422 invalid_field');
    const nowhere = '00000000-0000-7000-8000-000000000000';
    const beyond = await louhi.send('PUT', at(id, '/order'), { ids: named('a'), after: nowhere });
    expect(await outcome(beyond)).toBe('404 not_found');
  });

  it('is right after more moves between the same two items than a number has digits', async () => {
    const { id } = await make(louhi, 'Koirat');
    await add(louhi, id, 'abcde');
    let middle = 'cd';
    for (let round = 0; round < 60; round++) {
      const [last = ''] = middle.split('').toReversed();
      expect((await move(louhi, id, last, 'a')).status).toBe(204);
      middle = last + middle.replace(last, '');
    }
    expect(await shown('in:koirat')).toBe(`a${middle}be`);
  });

  it('is changed by the owner and admins only', async () => {
    const { id } = await make(louhi, 'Koirat');
    await add(louhi, id, 'ab');
    await add(ilmari, id, 'c');
    expect(await outcome(await move(ilmari, id, 'c', 'a'))).toBe('403 not_allowed');
    expect(await shown('in:koirat')).toBe('abc');
    expect(await outcome(await move(aino, id, 'b', ''))).toBe('204');
    expect(await shown('in:koirat')).toBe('bac');
  });

  it('may be by date, and gives way to words and to an order that is asked for', async () => {
    const { id } = await make(louhi, 'Koirat');
    await add(louhi, id, 'cab');
    expect(await shown('in:koirat', { sort: 'newest' })).toBe('cba');
    expect(await shown('in:koirat', { sort: 'oldest' })).toBe('abc');
    await louhi.send('PATCH', at(id), { sort: 'oldest' });
    expect(await shown('in:koirat')).toBe('abc');
    await louhi.send('PATCH', at(id), { sort: 'newest' });
    expect(await shown('in:koirat')).toBe('cba');
    expect((await list()).collections[0]?.covers.map((cover) => cover.id)).toEqual(named('cba'));
  });
});

describe('in:', () => {
  it('goes with words, other filters, a second collection and a minus', async () => {
    const one = await make(louhi, 'Yksi');
    const two = await make(louhi, 'Kaksi');
    await add(louhi, one.id, 'cab');
    await add(louhi, two.id, 'bd');
    expect(await shown('in:yksi type:video')).toBe('b');
    expect(await shown('in:yksi -type:video')).toBe('ca');
    expect(await shown('in:yksi c')).toBe('c');
    expect(await shown('in:yksi in:kaksi')).toBe('b');
    expect(await shown('-in:yksi')).toBe('ed');
    expect(await shown('in:nothing')).toBe('');
    expect(await shown('-in:nothing')).toBe('edcba');
    expect(await shown('in:yksi after:2027')).toBe('');
  });

  it('keeps finding an item that is edited and tagged later', async () => {
    const { id } = await make(louhi, 'Yksi');
    await add(louhi, id, 'a');
    await louhi.send('PATCH', `/api/media/${named('a')[0]}`, { title: 'z' });
    await louhi.send('PUT', `/api/media/${named('a')[0]}/tags`, { tags: ['uusi'] });
    expect(await shown('in:yksi tag:uusi')).toBe('z');
  });
});

describe('GET /api/collections', () => {
  it('lists by name, page by page, by a part of the name, and those of an item', async () => {
    const made = [];
    for (const name of ['Kissat', 'Ankat', 'Koirat ja kissat', 'Linnut', 'Äyriäiset'])
      made.push(await make(louhi, name));
    expect(await names()).toEqual(['Ankat', 'Kissat', 'Koirat ja kissat', 'Linnut', 'Äyriäiset']);
    const first = await list({ limit: '2' });
    const second = await list({ limit: '2', cursor: first.nextCursor ?? '' });
    const third = await list({ limit: '2', cursor: second.nextCursor ?? '' });
    expect([first, second, third].map(({ collections }) => collections.length)).toEqual([2, 2, 1]);
    expect(third.nextCursor).toBeNull();
    expect(await names({ q: 'KISSA' })).toEqual(['Kissat', 'Koirat ja kissat']);
    expect(await names({ name: '' })).toEqual([]);
    await add(louhi, made[1]?.id ?? '', 'a');
    await add(louhi, made[3]?.id ?? '', 'ab');
    expect(await names({ item: named('a')[0] ?? '' })).toEqual(['Ankat', 'Linnut']);
    expect(await names({ item: named('b')[0] ?? '', q: 'ank' })).toEqual([]);
    const forged = await louhi.request(`/api/collections?cursor=${Buffer.from('\0').toString('base64url')}`);
    expect(await outcome(forged)).toBe('400 invalid_cursor');
  });
});

describe('a collection of 10,000 items', () => {
  it('is read page by page, ordered by single rows, and takes no further item', async () => {
    const { db } = app.deps;
    const { id } = await make(louhi, 'Kaikki');
    await db.transaction().execute(async (trx) => {
      // Without triggers, which would index each item for some milliseconds.
      await sql`set local session_replication_role = replica`.execute(trx);
      await sql`
        insert into media (id, owner_id, kind, mime, width, height, byte_size, sha256, title, original_name,
          text, state, object_key)
        select ('00000000-0000-7000-8000-' || lpad(i::text, 12, '0'))::uuid, ${adminId}, 'image', 'image/png', 4,
          3, 12, md5('x' || i), i::text, '', '', 'ready', md5('k' || i) || '.png'
        from generate_series(1, ${MAX_COLLECTION_ITEMS}) i`.execute(trx);
      await sql`
        insert into media_search (media_id, live, terms)
        select id, true, array_to_tsvector(array['@in:' || ${id}::text]) from media
        where title ~ '^[0-9]+$'`.execute(trx);
      await sql`
        insert into collection_items (collection_id, media_id, place, added_by)
        select ${id}, id, ${MAX_COLLECTION_ITEMS}::integer - title::integer, ${adminId} from media
        where title ~ '^[0-9]+$'`.execute(trx);
    });
    await sql`analyze`.execute(db);
    expect(await outcome(await aino.send('POST', at(id, '/items'), { ids: named('a') }))).toBe(
      '409 collection_full',
    );
    const first = await page(louhi, { q: 'in:kaikki', limit: '100' });
    expect(first.items.map(({ title }) => Number(title))).toEqual(
      Array.from({ length: 100 }, (_, i) => MAX_COLLECTION_ITEMS - i),
    );
    expect(first.total).toEqual({ value: MAX_COLLECTION_ITEMS, exact: true });
    const second = await page(louhi, { q: 'in:kaikki', limit: '100', cursor: first.nextCursor ?? '' });
    expect(second.items[0]?.title).toBe(String(MAX_COLLECTION_ITEMS - 100));
    expect(second.total).toBeNull();

    const versions = async () =>
      z.array(z.object({ changed: z.number() })).parse(
        (
          await sql`select count(*)::integer as changed from collection_items
          where xmin <> (select xmin from collection_items order by place limit 1)`.execute(db)
        ).rows,
      )[0]?.changed;
    const moved = first.items.at(-1)?.id ?? '';
    const last = '00000000-0000-7000-8000-000000000001';
    expect((await louhi.send('PUT', at(id, '/order'), { ids: [moved], after: last })).status).toBe(204);
    expect(await versions()).toBe(1);
    // The deletion of the collection indexes none of its items anew.
    const indexed = async () =>
      (
        await sql<{ xmins: string }>`
        select md5(string_agg(xmin::text, ',' order by media_id)) as xmins from media_search`.execute(db)
      ).rows;
    const before = await indexed();
    expect((await louhi.send('DELETE', at(id))).status).toBe(204);
    expect(await indexed()).toEqual(before);
    expect(await db.selectFrom('collection_items').selectAll().execute()).toEqual([]);
  });
});
