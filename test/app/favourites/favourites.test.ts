import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { favouritesChanged } from '../../../app/favourites/favourites.schema.ts';
import { MAX_BULK_ITEMS } from '../../../app/media/media.limits.ts';
import { mediaItem, mediaList } from '../../../app/media/media.schema.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { fillFolder } from '../../support/databases/fill-library.ts';

let app: TestApp;
let aino: Visitor;
let louhi: Visitor;
let ids: string[];

beforeAll(async () => {
  app = await createTestApp({ OCR: 'off' });
  aino = await app.admin();
  louhi = await app.member(aino, 'Louhi');
});
afterAll(() => app[Symbol.asyncDispose]());
beforeEach(async () => {
  const { db } = app.deps;
  await db.deleteFrom('media').execute();
  const { id } = await db
    .selectFrom('users')
    .select('id')
    .where('role', '=', 'admin')
    .executeTakeFirstOrThrow();
  ids = await fillFolder(db, id, [
    { title: 'koira', tags: ['eläin'] },
    { title: 'kissa', tags: ['eläin'] },
    { title: 'hauki', kind: 'video' },
    { title: 'poissa', deleted: true },
  ]);
});

const nth = (place: number) => ids[place] ?? '';
const change = async (who: Visitor, some: string[], favourite: boolean) => {
  const response = await who.send('PUT', '/api/favourites', { ids: some, favourite });
  expect(response.status).toBe(200);
  return favouritesChanged.parse(await response.json());
};
const list = async (who: Visitor, query: Record<string, string> = {}) =>
  mediaList.parse(await (await who.request(`/api/media?${new URLSearchParams(query)}`)).json());
const titles = async (who: Visitor, q: string, more: Record<string, string> = {}) =>
  (await list(who, { q, ...more })).items.map(({ title }) => title);
const item = async (who: Visitor, id: string) => {
  const { favourites, favourite } = mediaItem.parse(await (await who.request(`/api/media/${id}`)).json());
  return { favourites, favourite };
};

describe('a favourite', () => {
  it('is of one user, and everybody sees the number', async () => {
    expect(await change(aino, [nth(0)], true)).toEqual({
      changed: [nth(0)],
      items: [{ id: nth(0), favourites: 1, favourite: true }],
    });
    expect(await item(aino, nth(0))).toEqual({ favourites: 1, favourite: true });
    expect(await item(louhi, nth(0))).toEqual({ favourites: 1, favourite: false });
    expect((await change(louhi, [nth(0)], true)).items).toMatchObject([{ favourites: 2 }]);
    expect((await change(aino, [nth(0)], false)).items).toEqual([
      { id: nth(0), favourites: 1, favourite: false },
    ]);
    expect(await item(louhi, nth(0))).toEqual({ favourites: 1, favourite: true });
  });

  it('shows in the list of all items, whose pages the users share', async () => {
    await change(louhi, [nth(1)], true);
    const seen = async (who: Visitor) =>
      (await list(who)).items.map(({ title, favourites, favourite }) => [title, favourites, favourite]);
    expect(await seen(aino)).toEqual([
      ['hauki', 0, false],
      ['kissa', 1, false],
      ['koira', 0, false],
    ]);
    expect((await seen(louhi))[1]).toEqual(['kissa', 1, true]);
    expect((await seen(aino))[1]).toEqual(['kissa', 1, false]);
  });

  it('changes once, however often it is asked for', async () => {
    expect((await change(aino, [nth(0), nth(1), nth(0)], true)).changed.toSorted()).toEqual([nth(0), nth(1)]);
    expect((await change(aino, [nth(0), nth(2)], true)).changed).toEqual([nth(2)]);
    const repeated = await Promise.all([1, 2, 3, 4].map(() => change(louhi, [nth(0)], true)));
    expect(repeated.flatMap(({ changed }) => changed)).toEqual([nth(0)]);
    expect((await change(aino, [nth(0)], false)).changed).toEqual([nth(0)]);
    expect((await change(aino, [nth(0)], false)).changed).toEqual([]);
    expect(await item(aino, nth(0))).toEqual({ favourites: 1, favourite: false });
  });

  it('is refused for nothing, too many and no ids, and ignores ids without an item', async () => {
    const status = async (some: unknown) =>
      (await aino.send('PUT', '/api/favourites', { ids: some, favourite: true })).status;
    expect(await status([])).toBe(422);
    expect(await status(['koira'])).toBe(422);
    const many = Array.from(
      { length: MAX_BULK_ITEMS + 1 },
      (_, i) => `00000000-0000-7000-8000-${String(i).padStart(12, '0')}`,
    );
    expect(await status(many)).toBe(422);
    expect(await change(aino, many.slice(1), true)).toEqual({ changed: [], items: [] });
  });

  it('does not tell of an item in the trash of another user, and survives the trash', async () => {
    expect(await change(louhi, [nth(3)], true)).toEqual({ changed: [], items: [] });
    await change(louhi, [nth(0)], true);
    await aino.send('DELETE', `/api/media/${nth(0)}`);
    expect(await titles(louhi, 'is:favourite')).toEqual([]);
    await aino.send('POST', `/api/media/${nth(0)}/restore`);
    expect(await titles(louhi, 'is:favourite')).toEqual(['koira']);
    expect(await item(louhi, nth(0))).toEqual({ favourites: 1, favourite: true });
  });
});

describe('is:favourite', () => {
  it('finds those of the user, with words, filters, orders and a minus', async () => {
    await change(aino, [nth(0), nth(2)], true);
    await change(louhi, [nth(1)], true);
    expect(await titles(aino, 'is:favourite')).toEqual(['hauki', 'koira']);
    expect(await titles(louhi, 'IS:Favourite')).toEqual(['kissa']);
    expect(await titles(aino, 'is:favourite koirat')).toEqual(['koira']);
    expect(await titles(aino, 'is:favourite type:video')).toEqual(['hauki']);
    expect(await titles(aino, 'is:favourite', { sort: 'oldest' })).toEqual(['koira', 'hauki']);
    expect(await titles(aino, 'tag:eläin -is:favourite')).toEqual(['kissa']);
    await change(aino, [nth(0)], false);
    expect(await titles(aino, 'is:favourite')).toEqual(['hauki']);
  });

  it('keeps finding an item that is edited or tagged later', async () => {
    await change(aino, [nth(0)], true);
    await louhi.send('PATCH', `/api/media/${nth(0)}`, { title: 'hauva' });
    await louhi.send('PUT', `/api/media/${nth(0)}/tags`, { tags: ['uusi'] });
    expect(await titles(aino, 'is:favourite tag:uusi')).toEqual(['hauva']);
  });

  it('finds the newest first, page by page', async () => {
    const { db } = app.deps;
    const { owner_id: owner } = await db.selectFrom('media').select('owner_id').executeTakeFirstOrThrow();
    const more = await fillFolder(
      db,
      owner,
      Array.from({ length: 250 }, (_, i) => ({ title: `numero ${i}` })),
      Date.UTC(2026, 1, 1),
    );
    await change(louhi, more, true);
    const found: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = await list(louhi, { q: 'is:favourite', limit: '100', ...(cursor && { cursor }) });
      found.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(found).toEqual(more.toReversed());
    await db.deleteFrom('media').where('id', 'in', more).execute();
    const { rows } = await sql<{ left: number }>`
      select count(*)::integer as left from favourites`.execute(db);
    expect(rows).toEqual([{ left: 0 }]);
  });
});
