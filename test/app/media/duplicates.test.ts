import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collection } from '../../../app/collections/collections.schema.ts';
import { findDuplicates } from '../../../app/media/duplicates/groups.service.ts';
import { duplicateList, merged, wishesChanged } from '../../../app/media/duplicates/duplicates.schema.ts';
import { mediaItem, type MediaItem } from '../../../app/media/media.schema.ts';
import { shareAnswer } from '../../../app/shares/shares.schema.ts';
import { deadlocksIn } from '../../support/databases/deadlocks.ts';
import { fillFolder } from '../../support/databases/fill-library.ts';
import { outcome } from '../../support/errors.ts';
import { saveAgain } from '../../support/media/saved-again.ts';
import { randomOf } from '../../support/media/seeded.ts';
import { makeTemplate, writeMeme } from '../../support/media/templates.ts';
import { blobOf } from '../../support/media/videos.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';

let app: TestApp;
let aino: Visitor;
let eino: Visitor;
beforeEach(async () => {
  app = await createTestApp({ OCR: 'off' });
  aino = await app.admin();
  eino = await app.member(aino, 'Eino');
});
afterEach(() => app[Symbol.asyncDispose]());

const at = (item: { id: string }, rest = '') => `/api/media/${item.id}${rest}`;
const seen = async (by: Visitor, item: { id: string }) =>
  mediaItem.parse(await (await by.request(at(item))).json());
const groups = async (query = '') =>
  duplicateList.parse(await (await aino.request(`/api/duplicates${query}`)).json());
const shownIds = async () => (await groups()).groups.map(({ items }) => items.map(({ item }) => item.id));
const merge = (by: Visitor, into: { id: string }, ...others: readonly { id: string }[]) =>
  by.send('POST', '/api/duplicates/merge', { into: into.id, ids: others.map(({ id }) => id) });

/** Adds an item with the words that text recognition would read. */
async function add(
  by: Visitor,
  bytes: Uint8Array,
  text: string,
  fields: Record<string, string> = {},
): Promise<MediaItem> {
  const response = await by.upload(blobOf(bytes), 'a.png', fields);
  expect(response.status, await response.clone().text()).toBe(201);
  const { id } = mediaItem.parse(await response.json());
  return mediaItem.parse(await (await by.send('PATCH', `/api/media/${id}`, { text })).json());
}

const WORDS = 'KUN MAANANTAI ALKAA TAAS';
/** The same meme twice: Eino's original, and a smaller copy of it with worse quality. */
async function pair(fields: Record<string, string> = {}, copyBy = eino) {
  const picture = await writeMeme(await makeTemplate(2), 'KUN MAANANTAI', 'ALKAA TAAS');
  const copy = await add(copyBy, await saveAgain(picture, 'jpeg', randomOf(1)), WORDS, fields);
  const best = await add(eino, picture, WORDS, { title: 'Maanantai', tags: 'kissa' });
  return { best, copy };
}

describe('the groups', () => {
  it('have the same memes, best file first, and no other item', async () => {
    const { best, copy } = await pair();
    const template = await makeTemplate(2);
    await add(aino, await writeMeme(template, 'KUN PERJANTAI', 'ON TÄÄLLÄ'), 'KUN PERJANTAI ON TÄÄLLÄ');
    await add(aino, await writeMeme(await makeTemplate(5), 'KUN', 'LUMI'), 'KUN LUMI');
    expect(await findDuplicates(app.deps.db)).toBe(4);
    expect(await shownIds()).toEqual([[best.id, copy.id]]);
    expect((await groups()).groups[0]?.total).toEqual({ value: 2, exact: true });
    // An item of the trash is in no group, and one alone is none.
    await eino.send('DELETE', at(copy));
    expect(await shownIds()).toEqual([]);
  });

  it('lose an item whose words changed, when the pass begins anew', async () => {
    const { copy } = await pair();
    await findDuplicates(app.deps.db);
    expect(await findDuplicates(app.deps.db)).toBe(0);
    await eino.send('PATCH', at(copy), { text: 'AIVAN TOISET SANAT TÄSSÄ' });
    await sql`update duplicate_pass set started_at = now() - interval '1 day'`.execute(app.deps.db);
    expect(await findDuplicates(app.deps.db)).toBe(0);
    expect(await findDuplicates(app.deps.db)).toBe(2);
    expect(await shownIds()).toEqual([]);
  });

  it('wait for words that are still being read', async () => {
    await pair();
    await sql`update media_stages set state = 'pending' where stage = 'text'`.execute(app.deps.db);
    expect(await findDuplicates(app.deps.db)).toBe(0);
    await sql`update media_stages set state = 'skipped' where stage = 'text'`.execute(app.deps.db);
    expect(await findDuplicates(app.deps.db)).toBe(2);
  });

  it('are paged, and bounded for 100,000 alike items', async () => {
    const { db } = app.deps;
    const { id: owner } = await db.selectFrom('users').select('id').limit(1).executeTakeFirstOrThrow();
    await fillFolder(db, owner, [{}, {}, {}, {}]);
    const ids = (await db.selectFrom('media').select('id').orderBy('id').execute()).map(({ id }) => id);
    await db
      .insertInto('duplicates')
      .values(ids.map((id, i) => ({ media_id: id, group_id: ids[i - (i % 2)] ?? id })))
      .execute();
    await sql`alter table media disable trigger user`.execute(db);
    for (const part of [0, 1, 2, 3])
      await sql`
        insert into media (id, owner_id, kind, mime, width, height, byte_size, sha256, state, object_key)
        select ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, ${owner}, 'image', 'image/png', n, 1, 1, n::text, 'ready', n || '.png'
        from generate_series(${part} * 25000 + 1, ${part} * 25000 + 25000) n`.execute(db);
    await sql`alter table media enable trigger user`.execute(db);
    const huge = 'ffffffff-0000-4000-8000-000000000000';
    await sql`insert into duplicates select id, ${huge} from media where width > 4 or height = 1`.execute(db);
    const first = await groups('?limit=2');
    expect(first.groups.map(({ id }) => id)).toEqual([huge, ids[2]]);
    expect(first.groups[0]).toMatchObject({ total: { value: 1000, exact: false } });
    expect(first.groups[0]?.items).toHaveLength(24);
    const second = await groups(`?limit=2&before=${first.next}`);
    expect([second.groups.map(({ id }) => id), second.next]).toEqual([[ids[0]], null]);
  });
});

describe('a merge', () => {
  it('keeps the best file, and brings tags, texts, stars, collections and shares together', async () => {
    const { best, copy } = await pair({ title: 'Alku', tags: 'koira' });
    await eino.send('PATCH', at(copy), { description: 'Vanha selitys' });
    await aino.send('PUT', '/api/favourites', { ids: [copy.id], favourite: true });
    const made = await aino.send('POST', '/api/collections', { name: randomUUID() });
    const { id: collectionId } = collection.parse(await made.json());
    await aino.send('POST', `/api/collections/${collectionId}/items`, { ids: [copy.id] });
    const link = await eino.send('POST', '/api/shares', { itemIds: [copy.id] });
    const { code } = shareAnswer.parse(await link.json()).share;
    const answer = await merge(eino, best, copy);
    const { item, ids } = merged.parse(await answer.json());
    expect(ids).toEqual([copy.id]);
    expect(item).toMatchObject({
      id: best.id,
      url: best.url,
      title: 'Maanantai',
      description: 'Alku\nVanha selitys',
      tags: ['kissa', 'koira'],
      favourites: 1,
    });
    const list = await aino.request(`/api/collections?item=${best.id}`);
    expect(await list.json()).toMatchObject({ collections: [{ id: collectionId, items: 1 }] });
    const page = await app.visitor().request(`/s/${code}`);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('Maanantai')]);
    expect((await seen(eino, copy)).deletedAt).not.toBeNull();
  });

  it('leads the addresses of the other item to it', async () => {
    const { best, copy } = await pair();
    await merge(eino, best, copy);
    const louhi = await app.member(aino, 'Louhi');
    expect(await seen(louhi, copy)).toMatchObject({ id: best.id });
    const page = await louhi.request(`/m/${copy.id}`);
    expect([page.status, page.headers.get('location')]).toEqual([302, `/m/${best.id}`]);
    expect((await app.visitor().request(`/m/${copy.id}`)).status).toBe(200);
    for (const [from, to] of [
      [copy.url, best.url],
      [copy.thumbUrl ?? '', best.thumbUrl],
    ] as const) {
      const file = await app.visitor().request(from);
      expect([file.status, file.headers.get('location')]).toEqual([302, to]);
    }
    // Also when the trash is emptied. A new address ends them.
    await eino.send('DELETE', '/api/trash');
    expect((await app.visitor().request(copy.url)).status).toBe(302);
    expect(await seen(louhi, copy)).toMatchObject({ id: best.id });
    await eino.send('POST', at(best, '/new-address'));
    expect((await app.visitor().request(copy.url)).status).toBe(404);
    await eino.send('DELETE', at(best));
    expect(await outcome(await louhi.request(at(copy)))).toBe('404 not_found');
  });

  it("leads its address on a collection's page to it, and back", async () => {
    const { best, copy } = await pair({ title: 'Alku' });
    const other = await add(eino, await writeMeme(await makeTemplate(5), 'KUN', 'LUMI'), 'KUN LUMI');
    const made = await eino.send('POST', '/api/collections', { name: randomUUID() });
    const { id: collectionId } = collection.parse(await made.json());
    await eino.send('POST', `/api/collections/${collectionId}/items`, { ids: [copy.id, other.id] });
    const shared = await eino.send('POST', '/api/shares', { collectionId });
    const { code } = shareAnswer.parse(await shared.json()).share;
    const page = async (path: string) => (await app.visitor().request(`/s/${code}${path}`)).text();
    const [, place = ''] = new RegExp(`/s/${code}(/\\d+)"`).exec(await page('')) ?? [];
    expect(await page(place)).toContain('<h1>Alku</h1>');
    await merge(eino, best, copy);
    expect(await page(place)).toContain('<h1>Maanantai</h1>');
    expect((await app.visitor().request(`/s/${code}/card.jpg`)).status).toBe(200);
    await eino.send('POST', at(copy, '/restore'));
    expect(await page(place)).toContain('<h1>Alku</h1>');
    expect(await page('')).not.toContain('Maanantai');

    // One that comes back after a merge of the other has another address than what stays there.
    const third = await add(eino, await writeMeme(await makeTemplate(7), 'YKSI', 'SANA'), 'YKSI SANA');
    await merge(eino, best, copy);
    await merge(eino, third, best);
    await eino.send('POST', at(copy, '/restore'));
    const places = [...(await page('')).matchAll(new RegExp(`/s/${code}(/\\d+)"`, 'g'))].map(
      ([, each = '']) => each,
    );
    expect(new Set(places).size).toBe(3);
    const titles = await Promise.all(
      places.map(async (each) => /<h1>(.*)<\/h1>/.exec(await page(each))?.[1]),
    );
    expect(titles).toEqual(expect.arrayContaining(['Alku', 'Maanantai']));
    expect(await page(place)).toContain('<h1>Maanantai</h1>');
  });

  it('is undone by restoring the other item, as if it had not been', async () => {
    const { best, copy } = await pair({ title: 'Alku', tags: 'koira' });
    await aino.send('PUT', '/api/favourites', { ids: [copy.id], favourite: true });
    const link = await eino.send('POST', '/api/shares', { itemIds: [copy.id] });
    const { code } = shareAnswer.parse(await link.json()).share;
    const before = [await seen(aino, best), await seen(aino, copy)];
    await merge(eino, best, copy);
    await eino.send('PATCH', at(best), { title: 'Uusi nimi' });
    const restored = await eino.send('POST', '/api/media/restore', { ids: [copy.id] });
    expect(await restored.json()).toMatchObject({ ids: [copy.id] });
    expect([await seen(aino, best), await seen(aino, copy)]).toEqual([
      { ...before[0], title: 'Uusi nimi' },
      before[1],
    ]);
    expect((await app.visitor().request(copy.url)).status).toBe(200);
    expect(await (await app.visitor().request(`/s/${code}`)).text()).toContain('Alku');
    // A later deletion is no merge.
    await eino.send('DELETE', at(copy));
    expect((await app.visitor().request(copy.url)).status).toBe(404);
  });

  it('moves the counts of shares over, and back with the openings since', async () => {
    const { best, copy } = await pair();
    const { db } = app.deps;
    const share = async (...items: readonly { id: string }[]) => {
      const made = await eino.send('POST', '/api/shares', { itemIds: items.map(({ id }) => id) });
      return shareAnswer.parse(await made.json()).share.code;
    };
    const open = (code: string, opens: number) =>
      db.updateTable('shares').set({ opens }).where('code', '=', code).execute();
    const counts = async () => {
      const rows = await db.selectFrom('share_counts').selectAll().execute();
      const of = ({ id }: { id: string }) => {
        const row = rows.find((one) => one.media_id === id);
        return row ? [row.shares, row.opens] : null;
      };
      return { best: of(best), copy: of(copy) };
    };
    const alone = await share(copy);
    await open(alone, 5);
    await merge(eino, best, copy);
    expect(await counts()).toEqual({ best: [1, 5], copy: null });
    await open(alone, 6);
    await eino.send('POST', at(copy, '/restore'));
    expect(await counts()).toEqual({ best: null, copy: [1, 6] });

    // The openings of a page with both count once.
    const both = await share(best, copy);
    await open(both, 2);
    await merge(eino, best, copy);
    expect(await counts()).toEqual({ best: [2, 8], copy: [1, 2] });
    await open(alone, 9);
    await eino.send('POST', at(copy, '/restore'));
    expect(await counts()).toEqual({ best: [1, 2], copy: [2, 11] });
  });

  it('gives a title to an item without one, and takes it back', async () => {
    const { best, copy } = await pair({ title: 'Alku' });
    await eino.send('PATCH', at(best), { title: '' });
    await merge(eino, best, copy);
    expect(await seen(eino, best)).toMatchObject({ title: 'Alku', description: '' });
    await eino.send('POST', at(copy, '/restore'));
    expect(await seen(eino, best)).toMatchObject({ title: '', description: '' });
  });

  it('is for owners and admins; others propose it', async () => {
    const { best, copy } = await pair({}, aino);
    expect(await outcome(await merge(eino, best, copy))).toBe('403 not_allowed');
    expect((await seen(eino, copy)).deletedAt).toBeNull();
    const wish = (wished: boolean) =>
      eino.send('PUT', '/api/duplicates/wishes', { into: best.id, ids: [copy.id], wished });
    expect(wishesChanged.parse(await (await wish(true)).json()).ids).toEqual([copy.id]);
    await findDuplicates(app.deps.db);
    const shown = (await groups()).groups[0]?.items.map(({ wish: by }) => by?.username ?? null);
    expect(shown).toEqual([null, 'Eino']);
    expect(wishesChanged.parse(await (await wish(false)).json()).ids).toEqual([copy.id]);
    await wish(true);
    expect((await merge(aino, best, copy)).status).toBe(200);
    expect(await app.deps.db.selectFrom('merge_wishes').selectAll().execute()).toEqual([]);
  });

  it('refuses an item with itself, unknown ones, and too many', async () => {
    const { best, copy } = await pair();
    expect(await outcome(await merge(eino, best, copy, best))).toBe('422 merge_into_itself');
    expect(await outcome(await merge(eino, best, { id: randomUUID() }))).toBe('404 not_found');
    expect(await outcome(await merge(eino, { id: randomUUID() }, copy))).toBe('404 not_found');
    expect((await merge(eino, best)).status).toBe(422);
    const many = Array.from({ length: 101 }, () => ({ id: randomUUID() }));
    expect((await merge(eino, best, ...many)).status).toBe(422);
    await merge(eino, best, copy);
    const again = await merge(eino, best, copy);
    expect(await again.json()).toMatchObject({ code: 'already_merged', details: { id: best.id } });
    expect(await outcome(await merge(eino, copy, best))).toBe('409 already_merged');
  });

  it('into one of another merge under way waits: one wins, the other says so', async () => {
    for (let round = 0; round < 4; round++) {
      const [one, other, third] = [await newItem(1), await newItem(2), await newItem(3)];
      const answers = await Promise.all([
        merge(eino, one, other),
        merge(aino, other, one),
        merge(eino, third, other),
      ]);
      const codes = (await Promise.all(answers.map((answer) => outcome(answer)))).toSorted();
      expect(codes.filter((code) => code === '200').length).toBeGreaterThan(0);
      expect(codes.every((code) => code === '200' || code === '409 already_merged')).toBe(true);
      const rows = await app.deps.db
        .selectFrom('media')
        .select('id')
        .where('deleted_at', 'is', null)
        .where('id', 'in', [one.id, other.id, third.id])
        .execute();
      expect(rows.length).toBeGreaterThan(0);
      for (const { id } of [one, other, third])
        expect((await aino.request(`/m/${id}`)).status).toBeLessThan(400);
    }
    await app.deps.jobs.stop(2000);
    await app.deps.db.destroy();
    expect(await deadlocksIn(app.databaseUrl)).toBe(0);
  });
});

describe('a merge and its undo', () => {
  it('meet no deadlock with the ends of collections and shares', async () => {
    const { db } = app.deps;
    for (let round = 0; round < 6; round++) {
      const [one, other, third] = [await newItem(1), await newItem(2), await newItem(3)];
      const ids = [one.id, other.id, third.id];
      const made = await aino.send('POST', '/api/collections', { name: randomUUID() });
      const { id: collectionId } = collection.parse(await made.json());
      await aino.send('POST', `/api/collections/${collectionId}/items`, { ids });
      for (const shown of [{ collectionId }, { itemIds: ids }, { itemIds: [other.id] }, { itemIds: ids }])
        expect((await aino.send('POST', '/api/shares', shown)).status).toBe(201);
      // Half of the shares have a sharing picture, which ends with the merge.
      await sql`update shares set card_key = gen_random_uuid() || '.jpg' where ascii(code) % 2 = 0`.execute(
        db,
      );
      const done = await Promise.all([
        merge(aino, one, other),
        aino.send('DELETE', '/api/shares?scope=all'),
        aino.send('POST', '/api/media/trash', { ids: [third.id] }),
      ]);
      const undone = await Promise.all([
        aino.send('POST', '/api/media/restore', { ids: [other.id, third.id] }),
        aino.send('DELETE', `/api/collections/${collectionId}`),
        aino.send('DELETE', '/api/shares?scope=all'),
      ]);
      expect([...done, ...undone].map(({ ok }) => ok)).toEqual(Array.from({ length: 6 }, () => true));
    }
    await app.deps.jobs.stop(2000);
    await db.destroy();
    expect(await deadlocksIn(app.databaseUrl)).toBe(0);
  });
});

/** Adds an item without a file. */
async function newItem(seed: number): Promise<{ id: string }> {
  const { id: owner } = await app.deps.db
    .selectFrom('users')
    .select('id')
    .where('username', '=', 'Eino')
    .executeTakeFirstOrThrow();
  const [id = ''] = await fillFolder(app.deps.db, owner, [{ title: `${seed}`, tags: ['a', `b${seed}`] }]);
  return { id };
}
