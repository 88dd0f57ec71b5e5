import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mediaList, mediaListQuery, type MediaList } from '../../../app/media/media.schema.ts';
import { createSearch } from '../../../app/search/search.service.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { fillFolder, type FolderItem } from '../../support/databases/fill-library.ts';
import { randomFrom, testSeed } from '../../support/media/random.ts';

let app: TestApp;
let aino: Visitor;
let ownerId: string;

const WORDS = [
  'koira',
  'koiran',
  'koiralle',
  'koiranpentu',
  'kissa',
  'kissan',
  'dog',
  'dogs',
  'äiti',
  'aiti',
];

function randomItem(random: (below: number) => number): FolderItem {
  const some = (most: number) =>
    Array.from({ length: random(most + 1) }, () => WORDS[random(WORDS.length)] ?? '').join(' ');
  return {
    title: random(3) === 0 ? some(2) : '',
    text: some(4),
    tags: random(4) === 0 ? ['koira'] : [],
    kind: random(5) === 0 ? 'video' : 'image',
  };
}

beforeAll(async () => {
  app = await createTestApp();
  aino = await app.admin();
  ownerId = (await app.deps.db.selectFrom('users').select('id').executeTakeFirstOrThrow()).id;
  const random = randomFrom(testSeed(7));
  await fillFolder(app.deps.db, ownerId, [
    ...Array.from({ length: 10 }, () => ({ text: 'iso koira kissa' })),
    ...Array.from({ length: 140 }, () => randomItem(random)),
  ]);
});
afterAll(() => app[Symbol.asyncDispose]());

async function page(q: string, limit: number, cursor?: string | null): Promise<MediaList> {
  const params = new URLSearchParams({ q, limit: String(limit), ...(cursor && { cursor }) });
  const response = await aino.request(`/api/media?${params}`);
  expect(response.status, await response.clone().text()).toBe(200);
  return mediaList.parse(await response.json());
}

const queries = [
  '',
  'koira',
  'koir',
  'ko',
  'kissa koira',
  'dog',
  'aiti',
  '-koira',
  'tag:koira',
  'tag:koira koira',
  'type:video',
  'type:video dog',
  '"koira kissa"',
  'is:untagged kissa',
  'koirq',
];

describe('paging', () => {
  it.each(queries)('through %j gives every match once, in the order of one long page', async (q) => {
    const whole = await page(q, 100);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const next: MediaList = await page(q, 7, cursor);
      seen.push(...next.items.map((item) => item.id));
      cursor = next.nextCursor;
    } while (cursor !== null);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.slice(0, 100)).toEqual(whole.items.map((item) => item.id));
    expect(seen.length).toBeGreaterThan(0);
  });

  it.each(queries)(
    'through %j gives what was there all the time once, while others come and go',
    async (q) => {
      const { db } = app.deps;
      const random = randomFrom(q.length + 1);
      const all = async () => {
        const ids: string[] = [];
        let cursor: string | null = null;
        do {
          const next: MediaList = await page(q, 100, cursor);
          ids.push(...next.items.map((item) => item.id));
          cursor = next.nextCursor;
        } while (cursor !== null);
        return ids;
      };
      const before = await all();
      const gone = new Set<string>();
      const seen: string[] = [];
      let cursor: string | null = null;
      let time = Date.UTC(2026, 5, 1) + random(1000) * 60_000;
      do {
        const next: MediaList = await page(q, 12, cursor);
        seen.push(...next.items.map((item) => item.id));
        cursor = next.nextCursor;
        await fillFolder(db, ownerId, [randomItem(random), randomItem(random)], (time += 60_000));
        const victim = before[random(before.length)] ?? '';
        if (victim && gone.size < before.length / 3) {
          gone.add(victim);
          await db.updateTable('media').set({ deleted_at: new Date() }).where('id', '=', victim).execute();
        }
      } while (cursor !== null);
      expect(new Set(seen).size).toBe(seen.length);
      const stayed = before.filter((id) => !gone.has(id));
      expect(stayed.filter((id) => !seen.includes(id))).toEqual([]);
      expect(seen.filter((id) => before.includes(id))).toEqual(before.filter((id) => seen.includes(id)));
      await db
        .updateTable('media')
        .set({ deleted_at: null })
        .where('id', 'in', [...gone, ownerId])
        .execute();
    },
  );
});

/** Changes the limits of `search_results`, so that it acts as in a library of millions of items. */
async function withLimits(changes: readonly [from: string, to: string][]): Promise<void> {
  const { rows } = await sql<{ text: string }>`
    select pg_get_functiondef('search_results'::regproc) as text`.execute(app.deps.db);
  let text = rows[0]?.text ?? '';
  for (const [from, to] of changes) {
    expect(text).toContain(from);
    text = text.replace(from, to);
  }
  await sql.raw(text).execute(app.deps.db);
}

describe('paging tier by tier', () => {
  const whole = new Map<string, string[]>();
  const through = async (q: string, limit: number) => {
    const pages: string[][] = [];
    let cursor: string | null = null;
    do {
      const next: MediaList = await page(q, limit, cursor);
      pages.push(next.items.map((item) => item.id));
      cursor = next.nextCursor;
    } while (cursor !== null);
    return pages;
  };

  beforeAll(async () => {
    for (const q of queries) whole.set(q, (await through(q, 100)).flat());
    await withLimits([["if (one_group ->> 'lookUpAll')::boolean then", 'if false then']]);
  });

  it.each(queries)('through %j gives the same as all at once', async (q) => {
    expect((await through(q, 7)).flat()).toEqual(whole.get(q));
  });

  describe('of which a page reads twelve rows', () => {
    beforeAll(() =>
      withLimits([
        ['max_scanned_rows constant integer := 25000', 'max_scanned_rows constant integer := 12'],
        ['max_lookup_cost constant integer := 60000', 'max_lookup_cost constant integer := 0'],
      ]),
    );

    it.each(queries)('through %j gives every match once, in the same order', async (q) => {
      expect((await through(q, 7)).flat()).toEqual(whole.get(q));
    });

    it('ends pages early', async () => {
      const pages = await through('koira kissa', 7);
      expect(pages.slice(0, -1).filter(({ length }) => length < 7).length).toBeGreaterThan(5);
    });

    it('takes a search that ended early neither for one without a match nor for one to correct', async () => {
      const search = createSearch(app.deps.db, app.deps.storage, 0);
      const asked = mediaListQuery.parse({ q: 'koir', limit: '7' });
      const me = { sessionId: ownerId, id: ownerId, username: 'aino', role: 'admin' } as const;
      const first = mediaList.parse(await search.list(asked, me));
      expect(first).toMatchObject({ items: [], corrected: null, total: { exact: false } });
      expect(first.nextCursor).not.toBeNull();
    });

    it('looks further than the first rows for a page that is not empty', async () => {
      const [first] = await through('tag:koira koira type:video', 7);
      expect(first?.length).toBeGreaterThan(0);
    });
  });
});
