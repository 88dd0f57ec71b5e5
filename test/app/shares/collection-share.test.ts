import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { collection } from '../../../app/collections/collections.schema.ts';
import { mediaItem } from '../../../app/media/media.schema.ts';
import { endCards } from '../../../app/shares/end-cards.service.ts';
import { shareAnswer, shareList, type Share } from '../../../app/shares/shares.schema.ts';
import { fillFolder } from '../../support/databases/fill-library.ts';
import { outcome } from '../../support/errors.ts';
import { picture } from '../../support/media/pictures.ts';
import { createTestApp, ORIGIN, type TestApp, type Visitor } from '../../support/servers/app.ts';

let app: TestApp;
let aino: Visitor;
let louhi: Visitor;
let ilmari: Visitor;
/** A collection of Louhi, and its path. */
let id: string;
let path: string;

beforeAll(async () => {
  app = await createTestApp({ OCR: 'off' });
  aino = await app.admin();
  louhi = await app.member(aino, 'Louhi');
  ilmari = await app.member(aino, 'Ilmari');
});
afterAll(() => app[Symbol.asyncDispose]());
beforeEach(async () => {
  const { db } = app.deps;
  for (const table of ['shares', 'collections', 'media'] as const) await db.deleteFrom(table).execute();
  const made = await louhi.send('POST', '/api/collections', { name: 'Iso <koira>' });
  id = collection.parse(await made.json()).id;
  path = `/api/collections/${id}`;
});

const upload = async (title: string) =>
  mediaItem.parse(await (await ilmari.upload(await picture(), 'meme.png', { title })).json()).id;
const add = (...ids: string[]) => louhi.send('POST', `${path}/items`, { ids });
const remove = (...ids: string[]) => louhi.send('POST', `${path}/remove`, { ids });

async function share(by: Visitor, more = {}): Promise<Share> {
  const response = await by.send('POST', '/api/shares', { collectionId: id, ...more });
  expect(response.status).toBe(201);
  return shareAnswer.parse(await response.json()).share;
}

const visit = (address: string) => app.visitor().request(address);
/** The titles on the page of a share, and its files in this order. */
async function page(code: string) {
  const html = await (await visit(`/s/${code}`)).text();
  return {
    html,
    titles: [...html.matchAll(/<span>([^<]*)<\/span><\/a><\/li>/g)].map(([, title]) => title),
    files: [...html.matchAll(/href="[^"]*\/s\/[\w-]+\/(\d+)"><(?:img|div)/g)].map(
      ([, n]) => `/s/${code}/file/${n}`,
    ),
  };
}
const card = async (code: string) =>
  Buffer.from(await (await visit(`/s/${code}/card.jpg`)).arrayBuffer()).toString('base64');
const statusOf = async (address: string) => (await visit(address)).status;
const listed = async (by: Visitor, query: Record<string, string>) =>
  shareList.parse(await (await by.request(`/api/shares?${new URLSearchParams(query)}`)).json()).shares;

describe('the page of a collection', () => {
  it('has the name of the collection, and follows its items and their order', async () => {
    const [a, b, c, d] = [await upload('a'), await upload('b'), await upload('c'), await upload('d')];
    await add(a, b, c);
    const { code, itemCount, collection: shared, items, mayEndFileAddress } = await share(ilmari);
    expect({ itemCount, shared, mayEndFileAddress }).toEqual({
      itemCount: 3,
      shared: { id, name: 'Iso <koira>' },
      mayEndFileAddress: false,
    });
    expect(items).toHaveLength(3);
    const first = await page(code);
    expect(first.html).toContain('<h1>Iso &lt;koira&gt;</h1>');
    expect(first.html).toContain('content="Iso &lt;koira&gt;"');
    expect(first.titles).toEqual(['a', 'b', 'c']);
    const [fileA = '', fileB = ''] = first.files;
    expect(await statusOf(fileA)).toBe(200);
    const before = await card(code);

    // Added, moved and removed items. The addresses of the others stay.
    await add(d);
    await louhi.send('PUT', `${path}/order`, { ids: [c], after: null });
    await remove(a);
    const second = await page(code);
    expect(second.titles).toEqual(['c', 'b', 'd']);
    expect(second.files[1]).toBe(fileB);
    expect(await statusOf(fileA)).toBe(404);
    expect(await statusOf(fileA.replace('file', 'download'))).toBe(404);
    expect(await statusOf(fileA.replace('/file', ''))).toBe(404);
    expect(await card(code)).not.toBe(before);
    await louhi.send('PATCH', path, { sort: 'newest' });
    expect((await page(code)).titles).toEqual(['d', 'c', 'b']);
    await louhi.send('PATCH', path, { sort: 'oldest', name: 'Uusi' });
    expect((await page(code)).titles).toEqual(['b', 'c', 'd']);
    expect((await page(code)).html).toContain('<h1>Uusi</h1>');
    // Each item has its page, and the one behind it.
    const at = (await page(code)).files.map((file) => file.replace('/file', ''));
    expect(await (await visit(at[1] ?? '')).text()).toContain(`<a href="${ORIGIN}${at[2]}" rel="next">`);
  });

  it('has addresses for the items that the collection had before items had numbers', async () => {
    await add(await upload('a'), await upload('b'));
    await app.deps.db.updateTable('collection_items').set({ number: null }).execute();
    const { code } = await share(louhi);
    const { titles, files } = await page(code);
    expect(titles).toEqual(['a', 'b']);
    expect(await Promise.all(files.map(statusOf))).toEqual([200, 200]);
  });

  it('is without the items in the trash, which come back, and ends when it is empty', async () => {
    const [a, b, c] = [await upload('a'), await upload('b'), await upload('c')];
    await add(a, b, c);
    const { code } = await share(louhi);
    const [fileA = ''] = (await page(code)).files;
    await ilmari.send('DELETE', `/api/media/${a}`);
    expect((await page(code)).titles).toEqual(['b', 'c']);
    expect(await statusOf(fileA)).toBe(404);
    await ilmari.send('POST', `/api/media/${a}/restore`, {});
    expect((await page(code)).titles).toEqual(['a', 'b', 'c']);
    await remove(a, b, c);
    expect(await statusOf(`/s/${code}`)).toBe(410);
    // It is no share that ended: its owner can still revoke it.
    expect(await listed(louhi, {})).toMatchObject([{ code, state: 'live', itemCount: 0 }]);
    await add(a, b);
    expect((await page(code)).titles).toEqual(['a', 'b']);
    // A collection of one shows it, as a share of one does.
    await remove(b);
    expect(await (await visit(`/s/${code}`)).text()).toContain('<h1>a</h1>');
  });

  it('shows the first hundred of more, and says so', async () => {
    const owner = await app.deps.db
      .selectFrom('users')
      .select('id')
      .where('username', '=', 'Ilmari')
      .executeTakeFirstOrThrow();
    const items = Array.from({ length: 130 }, (_, i) => ({ title: `nro ${i}` }));
    const ids = await fillFolder(app.deps.db, owner.id, items);
    await add(...ids);
    const { code, itemCount } = await share(louhi);
    expect(itemCount).toBe(130);
    const { html, titles } = await page(code);
    expect(titles).toHaveLength(100);
    expect(titles[99]).toBe('nro 99');
    expect(html).toContain('The first 100 of 130');
    const finnish = await app.visitor().request(`/s/${code}`, { headers: { 'accept-language': 'fi' } });
    expect(await finnish.text()).toContain('Ensimmäiset 100, yhteensä 130');
  });

  it('ends with the collection', async () => {
    await add(await upload('a'), await upload('b'));
    const { code } = await share(ilmari);
    const [file = ''] = (await page(code)).files;
    await louhi.send('DELETE', path);
    for (const address of [`/s/${code}`, `/s/${code}/card.jpg`, file])
      expect(await statusOf(address)).toBe(410);
    expect(await listed(ilmari, {})).toMatchObject([{ code, state: 'revoked', collection: null }]);
    expect(await outcome(await ilmari.send('POST', '/api/shares', { collectionId: id }))).toBe(
      '404 not_found',
    );
  });

  it('keeps no sharing picture of an item that it lost', async () => {
    const a = await upload('a');
    await add(a);
    const { code } = await share(louhi);
    expect(await statusOf(`/s/${code}/card.jpg`)).toBe(200);
    const keyOf = async () =>
      (await app.deps.db.selectFrom('media').select('card_key').where('id', '=', a).executeTakeFirstOrThrow())
        .card_key;
    expect(await endCards(app.deps)).toBe(0);
    expect(await keyOf()).not.toBeNull();
    await remove(a);
    expect(await endCards(app.deps)).toBe(1);
    expect(await keyOf()).toBeNull();
  });
});

describe('the share of a collection', () => {
  it('is made by anyone; its owner and admins change it, they and that of the collection end it', async () => {
    await add(await upload('a'), await upload('b'));
    const { code } = await share(ilmari);
    const own = await share(louhi);
    const at = `/api/shares/${own.code}`;
    for (const answer of [
      await ilmari.request(at),
      await ilmari.send('PATCH', at, { showSharer: true }),
      await ilmari.send('DELETE', at),
    ])
      expect(await outcome(answer)).toBe('403 not_allowed');
    const his = `/api/shares/${code}`;
    expect(await outcome(await louhi.request(his))).toBe('200');
    // To show the name of the one who shares is that one's choice.
    expect(await outcome(await louhi.send('PATCH', his, { showSharer: true }))).toBe('403 not_allowed');
    expect(await outcome(await ilmari.send('PATCH', his, { expires: 'day' }))).toBe('200');
    expect(await outcome(await louhi.send('DELETE', his))).toBe('204');
    expect(await statusOf(`/s/${code}`)).toBe(410);
    expect(await outcome(await aino.send('DELETE', at))).toBe('204');
    expect(await statusOf(`/s/${own.code}`)).toBe(410);
  });

  it('is listed with its collection: to the owner of it those of all, to others their own', async () => {
    const a = await upload('a');
    await add(a);
    const [his, hers] = [await share(ilmari), await share(louhi)];
    const codes = async (by: Visitor, query: Record<string, string>) =>
      (await listed(by, query)).map(({ code }) => code);
    expect(await codes(louhi, { collection: id })).toEqual([hers.code, his.code]);
    expect(await codes(aino, { collection: id })).toEqual([hers.code, his.code]);
    expect(await codes(ilmari, { collection: id })).toEqual([his.code]);
    // The links of an item are also those of its collections.
    expect(await codes(ilmari, { item: a })).toEqual([his.code]);
    await remove(a);
    expect(await codes(ilmari, { item: a })).toEqual([]);
  });

  it('is no link of an item alone', async () => {
    const a = await upload('a');
    await add(a);
    const { code } = await share(ilmari);
    const link = await ilmari.send('POST', '/api/shares/link', { itemId: a });
    expect(shareAnswer.parse(await link.json()).share.code).not.toBe(code);
  });

  it('refuses what is none', async () => {
    const a = await upload('a');
    await add(a);
    const post = async (body: unknown) => outcome(await louhi.send('POST', '/api/shares', body));
    expect(await post({})).toBe('422 invalid_field');
    expect(await post({ collectionId: id, itemIds: [a] })).toBe('422 invalid_field');
    expect(await post({ collectionId: 'x' })).toBe('422 invalid_field');
    expect(await post({ collectionId: a })).toBe('404 not_found');
    const ends = { endFileAddress: true };
    expect(await post({ collectionId: id, expires: 'day', ...ends })).toBe('422 invalid_field');
    const { code } = await share(aino, { expires: 'day' });
    expect(await outcome(await aino.send('PATCH', `/api/shares/${code}`, ends))).toBe('422 invalid_field');
    expect(await outcome(await aino.send('DELETE', `/api/shares/${code}?endFileAddress=true`))).toBe(
      '422 invalid_field',
    );
    expect(await statusOf(`/s/${code}`)).toBe(200);
  });
});
