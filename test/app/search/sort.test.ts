import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorBody } from '../../../app/http/errors.schema.ts';
import { mediaList, type MediaList, type MediaListItem } from '../../../app/media/media.schema.ts';
import { addOpens } from '../../../app/shares/opens.repository.ts';
import { shareAnswer } from '../../../app/shares/shares.schema.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { fillFolder, type FolderItem } from '../../support/databases/fill-library.ts';
import { randomFrom, testSeed } from '../../support/media/random.ts';

let app: TestApp;
let aino: Visitor;
let ownerId: string;
/** Counts as the test expects them: openings and shares of each item. */
const counts = new Map<string, [opens: number, shares: number]>();

const WORDS = ['koira', 'koiran', 'koiranpentu', 'kissa', 'dog', 'dogs'];
const QUERIES = ['', 'koira', 'kissa koira', '-koira', 'tag:koira', 'type:video', 'type:video dog', 'koirq'];
const ORDERS = ['newest', 'oldest', 'shared'] as const;
const CASES = QUERIES.flatMap((q) => ORDERS.map((sort) => [q, sort] as const));

async function share(items: readonly string[], opens: number): Promise<string> {
  const response = await aino.send('POST', '/api/shares', { itemIds: items });
  expect(response.status, await response.clone().text()).toBe(201);
  const { code } = shareAnswer.parse(await response.json()).share;
  await addOpens(app.deps.db, new Map([[code, { opens, lastAt: new Date() }]]));
  for (const id of items) {
    const [opened, shared] = counts.get(id) ?? [0, 0];
    counts.set(id, [opened + opens, shared + 1]);
  }
  return code;
}

beforeAll(async () => {
  app = await createTestApp();
  aino = await app.admin();
  ownerId = (await app.deps.db.selectFrom('users').select('id').executeTakeFirstOrThrow()).id;
  const random = randomFrom(testSeed(11));
  const some = (most: number) =>
    Array.from({ length: random(most + 1) }, () => WORDS[random(WORDS.length)] ?? '').join(' ');
  const items = Array.from({ length: 90 }, (): FolderItem => ({
    title: random(3) === 0 ? some(2) : '',
    text: some(4),
    tags: random(4) === 0 ? ['koira'] : [],
    kind: random(4) === 0 ? 'video' : 'image',
    deleted: random(12) === 0,
  }));
  const ids = await fillFolder(app.deps.db, ownerId, items);
  const live = ids.filter((_, i) => items[i]?.deleted !== true);
  for (let i = 0; i < 20; i++)
    await share([...new Set([1, 2, 3].map(() => live[random(live.length)] ?? ''))], random(4));
});
afterAll(() => app[Symbol.asyncDispose]());

async function page(params: Record<string, string>, cursor?: string | null): Promise<MediaList> {
  const query = new URLSearchParams({ ...params, ...(cursor && { cursor }) });
  const response = await aino.request(`/api/media?${query}`);
  expect(response.status, await response.clone().text()).toBe(200);
  return mediaList.parse(await response.json());
}

async function through(params: Record<string, string>): Promise<{ items: MediaListItem[]; sizes: number[] }> {
  const pages: MediaListItem[][] = [];
  let cursor: string | null = null;
  do {
    const next: MediaList = await page({ ...params, limit: '7' }, cursor);
    pages.push(next.items);
    cursor = next.nextCursor;
  } while (cursor !== null);
  return { items: pages.flat(), sizes: pages.map(({ length }) => length) };
}
const idsOf = (items: readonly MediaListItem[]) => items.map(({ id }) => id);

/** The ids in the order of the docs: the reference to which answers are compared. */
function sorted(ids: readonly string[], sort: (typeof ORDERS)[number]): string[] {
  const newest = [...ids].toSorted().toReversed();
  if (sort === 'newest') return newest;
  if (sort === 'oldest') return newest.toReversed();
  const of = (id: string) => counts.get(id) ?? [0, 0];
  return newest.toSorted((a, b) => of(b)[0] - of(a)[0] || of(b)[1] - of(a)[1]);
}

const errorOf = async (query: string) => {
  const response = await aino.request(`/api/media?${query}`);
  return { status: response.status, code: errorBody.parse(await response.json()).code };
};

describe('GET /api/media with sort', () => {
  it.each(CASES)('of %j gives each match once, ordered by %s, page by page', async (q, sort) => {
    const matches = idsOf((await page({ q, limit: '100' })).items);
    expect(matches.length).toBeGreaterThan(5);
    const { items } = await through({ q, sort });
    expect(idsOf(items)).toEqual(sorted(matches, sort));
    const { total } = await page({ q, sort, limit: '7' });
    if (q !== '' && q !== '-koira') expect(total).toEqual({ value: matches.length, exact: true });
  });

  it('keeps the best first while no order is chosen, and corrections in every order', async () => {
    const best = idsOf((await page({ q: 'koira', limit: '100' })).items);
    expect(best).not.toEqual(sorted(best, 'newest'));
    for (const sort of ORDERS) {
      const { corrected } = await page({ q: 'koirq', sort });
      expect(corrected?.query).toBe('koira');
    }
  });

  it('takes periods, filters of the address, and a search that finds nothing', async () => {
    const first = (await page({ sort: 'oldest', limit: '1' })).items[0]?.createdAt.slice(0, 10) ?? '';
    expect((await page({ sort: 'shared', q: `before:${first}` })).items).toEqual([]);
    expect((await through({ sort: 'oldest', q: `after:${first}` })).items.length).toBeGreaterThan(50);
    const videos = await through({ sort: 'shared', type: 'video' });
    expect(new Set(videos.items.map(({ kind }) => kind))).toEqual(new Set(['video']));
    expect((await page({ sort: 'oldest', q: '!!!' })).items).toEqual([]);
    expect((await page({ sort: 'shared', q: 'xyzzyxyzzy' })).items).toEqual([]);
  });

  it('refuses an unknown order, and a cursor of another one', async () => {
    expect(await errorOf('sort=largest')).toEqual({ status: 422, code: 'invalid_field' });
    expect(await errorOf('sort=')).toEqual({ status: 422, code: 'invalid_field' });
    for (const from of [undefined, ...ORDERS]) {
      const { nextCursor } = await page({ limit: '7', ...(from && { sort: from }) });
      for (const to of ORDERS.filter((other) => other !== from))
        expect(await errorOf(`sort=${to}&cursor=${nextCursor}`), `${from} ${to}`).toMatchObject({
          code: 'invalid_cursor',
        });
      if (from !== undefined)
        expect(await errorOf(`cursor=${nextCursor}`)).toMatchObject({ code: 'invalid_cursor' });
    }
  });

  it('leaves the trash newest first', async () => {
    const trash = idsOf((await page({ trash: 'true' })).items);
    expect(trash.length).toBeGreaterThan(1);
    expect(idsOf((await page({ trash: 'true', sort: 'oldest' })).items)).toEqual(trash);
  });
});

describe('the counts behind the most shared', () => {
  it('show no item twice while pages are opened between two requests', async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const next: MediaList = await page({ sort: 'shared', limit: '7' }, cursor);
      seen.push(...idsOf(next.items));
      cursor = next.nextCursor;
      await share(seen.slice(-2), 3);
    } while (cursor !== null);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBeGreaterThan(60);
  });

  it('stay when a share is revoked, and go with the item', async () => {
    const [item = ''] = idsOf((await page({ sort: 'oldest', limit: '1' })).items);
    const code = await share([item], 500);
    expect(idsOf((await page({ sort: 'shared', limit: '1' })).items)).toEqual([item]);
    expect((await aino.send('DELETE', `/api/shares/${code}`)).status).toBeLessThan(300);
    expect(idsOf((await page({ sort: 'shared', limit: '1' })).items)).toEqual([item]);
    await app.deps.db.deleteFrom('media').where('id', '=', item).execute();
    const left = await app.deps.db.selectFrom('share_counts').where('media_id', '=', item).execute();
    expect(left).toEqual([]);
    counts.delete(item);
  });

  it('add up when two processes count the same items at the same time', async () => {
    const items = idsOf((await page({ sort: 'newest', limit: '20' })).items);
    const codes = [await share(items, 0), await share(items.toReversed(), 0)];
    const one = { opens: 1, lastAt: new Date() };
    await Promise.all(
      Array.from({ length: 30 }, (_, i) => addOpens(app.deps.db, new Map([[codes[i % 2] ?? '', one]]))),
    );
    const rows = await app.deps.db
      .selectFrom('share_counts')
      .select(['media_id', 'opens'])
      .where('media_id', 'in', items)
      .execute();
    expect(rows).toHaveLength(items.length);
    for (const { media_id, opens } of rows) {
      const [before] = counts.get(media_id) ?? [0];
      expect(opens).toBe(before + 30);
      counts.set(media_id, [opens, counts.get(media_id)?.[1] ?? 0]);
    }
  });
});

/** Changes a limit of a function, so that it acts as in a library of many more items. */
async function withLimit(name: string, from: string, to: string): Promise<void> {
  const { rows } = await sql<{ text: string }>`
    select pg_get_functiondef(${name}::regproc) as text`.execute(app.deps.db);
  const text = rows[0]?.text ?? '';
  expect(text).toContain(from);
  await sql.raw(text.replace(from, to)).execute(app.deps.db);
}

describe('sort in a library of which a page reads a few rows', () => {
  beforeAll(async () => {
    await withLimit(
      'search_sorted_lookup',
      'max_full_lookup_matches constant integer := 4000',
      'max_full_lookup_matches constant integer := 0',
    );
    await withLimit(
      'search_sorted_scan',
      'max_scanned_rows constant integer := 25000',
      'max_scanned_rows constant integer := 12',
    );
  });

  it.each(CASES.filter(([, sort]) => sort !== 'newest'))(
    'of %j gives each match once, ordered by %s',
    async (q, sort) => {
      const matches = idsOf((await page({ q, limit: '100' })).items);
      expect(idsOf((await through({ q, sort })).items)).toEqual(sorted(matches, sort));
    },
  );

  it('ends pages early', async () => {
    const { sizes } = await through({ q: 'type:video dog', sort: 'oldest' });
    expect(sizes.slice(0, -1).some((size) => size < 7)).toBe(true);
  });
});
