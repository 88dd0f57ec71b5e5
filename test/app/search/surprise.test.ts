import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { draw } from '../../../app/search/draw.ts';
import { ALL_IDS } from '../../../app/search/list-window.ts';
import { drawnItems } from '../../../app/search/search.schema.ts';
import { fillFolder } from '../../support/databases/fill-library.ts';
import { outcome } from '../../support/errors.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';

let app: TestApp;
let aino: Visitor;
let ownerId: string;

beforeAll(async () => {
  app = await createTestApp({ OCR: 'off' });
  aino = await app.admin();
  ownerId = (await app.deps.db.selectFrom('users').select('id').executeTakeFirstOrThrow()).id;
});
afterAll(() => app[Symbol.asyncDispose]());
beforeEach(async () => void (await app.deps.db.deleteFrom('media').execute()));

const ask = async (query: Record<string, string>) =>
  drawnItems.parse(await (await aino.request(`/api/search/surprise?${new URLSearchParams(query)}`)).json());

/** The ids of a whole round, in the order of the draws. */
async function round(q = ''): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const drawn = await ask({ ...(q && { q }), ...(cursor && { cursor }) });
    ids.push(...drawn.ids);
    cursor = drawn.next;
  }
  return ids;
}

/** 70 items: every tenth is a video, a tagged one and one in the trash; two of 2024. */
const fill = () =>
  fillFolder(
    app.deps.db,
    ownerId,
    Array.from({ length: 70 }, (_, i) => ({
      title: i % 10 === 3 ? 'iltakoirat' : 'muu',
      ...(i % 10 === 1 && { kind: 'video' as const }),
      ...(i % 10 === 2 && { tags: ['iso-koira'] }),
      deleted: i % 10 === 4,
      ...(i >= 68 && { at: new Date(Date.UTC(2024, 5, i - 60)) }),
    })),
  );

const everyTenth = (ids: readonly string[], rest: number) => ids.filter((_, i) => i % 10 === rest);

describe('a round of draws', () => {
  it('has each item outside the trash once, some at a time, in a random order', async () => {
    const ids = await fill();
    const live = ids.filter((_, i) => i % 10 !== 4);
    const one = await round();
    expect(one.toSorted()).toEqual(live.toSorted());
    expect((await ask({})).ids).toHaveLength(30);
    // Of 63! orders, two are not the same.
    expect(await round()).not.toEqual(one);
  });

  it('is limited by a search', async () => {
    const ids = await fill();
    const [video = '', tagged = '', titled = ''] = [1, 2, 3].map((rest) => everyTenth(ids, rest)[0]);
    expect((await round('type:video')).toSorted()).toEqual(everyTenth(ids, 1).toSorted());
    expect((await round('tag:"iso koira"')).toSorted()).toEqual(everyTenth(ids, 2).toSorted());
    expect((await round('iltako')).toSorted()).toEqual(everyTenth(ids, 3).toSorted());
    expect((await round('-type:video -tag:iso-koira -iltakoirat')).length).toBe(42);
    expect((await round('before:2025')).toSorted()).toEqual(ids.slice(68).toSorted());
    expect((await round('before:2025 type:video')).length).toBe(0);
    expect((await round('after:2025')).length).toBe(61);
    expect(await round(`like:${video}`)).toEqual([video]);
    await aino.send('PUT', '/api/favourites', { ids: [tagged, titled], favourite: true });
    expect((await round('is:favourite')).toSorted()).toEqual([tagged, titled].toSorted());
  });

  it('is empty without a match', async () => {
    expect(await ask({})).toEqual({ ids: [], next: null });
    await fill();
    expect(await round('nothinglikethis')).toEqual([]);
    expect(await round('...')).toEqual([]);
    expect(await round('in:unknown')).toEqual([]);
  });

  it('has each match once when it is read by parts, however early each part is interrupted', async () => {
    const ids = await fill();
    const videos = { span: ALL_IDS, ranged: false, query: `'@kind:video'`, lookup: null };
    const found: string[] = [];
    for (let cursor: string | undefined; ;) {
      const { ids: some, next } = await draw(app.deps.db, videos, cursor, 0);
      found.push(...some);
      if (next === null) break;
      cursor = next;
    }
    expect(found.toSorted()).toEqual(everyTenth(ids, 1).toSorted());
  });

  it.each(['x', btoa('{}'), btoa('{"start":2,"lot":0,"above":true,"wrapped":true}')])(
    'refuses the forged cursor %s',
    async (cursor) => {
      const answer = await aino.request(`/api/search/surprise?${new URLSearchParams({ cursor })}`);
      expect(await outcome(answer)).toBe('400 invalid_cursor');
    },
  );
});
