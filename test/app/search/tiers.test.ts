import { afterAll, beforeAll, expect, it } from 'vitest';
import { ALL_IDS } from '../../../app/search/list-window.ts';
import type { PagePlan } from '../../../app/search/plan/page-plan.ts';
import { searchRanked } from '../../../app/search/search.repository.ts';
import { MAX_TIERS } from '../../../app/search/sql/results.ts';
import { fillFolder } from '../../support/databases/fill-library.ts';
import { randomFrom, testSeed } from '../../support/media/random.ts';
import { createTestApp, type TestApp } from '../../support/servers/app.ts';

const LETTERS = Array.from({ length: MAX_TIERS }, (_, k) => `sana${String.fromCodePoint(97 + k)}`);

let app: TestApp;
/** Words of each item, oldest first. */
let items: string[][];
let ids: string[];

beforeAll(async () => {
  app = await createTestApp();
  await app.admin();
  const random = randomFrom(testSeed(11));
  items = Array.from({ length: 60 }, () => LETTERS.filter(() => random(4) === 0));
  const owner = await app.deps.db.selectFrom('users').select('id').executeTakeFirstOrThrow();
  ids = await fillFolder(
    app.deps.db,
    owner.id,
    items.map((words) => ({ text: ['kaikki', ...words].join(' ') })),
  );
});
afterAll(() => app[Symbol.asyncDispose]());

/** Plans a search for the words in this order of importance. Every item matches the last tier. */
function planOf(words: readonly string[], ends: readonly number[], page: Partial<PagePlan>): PagePlan {
  const plains = [...words, 'kaikki'].map((word) => `'${word}'`);
  return {
    groups: ends.map((lastTier, g) => ({
      lastTier,
      lookUpAll: true,
      conditions: [plains.slice(ends[g - 1] ?? 0, lastTier).join(' | ')],
      // A group has none of the matches of a better one.
      rowCheck: g === 0 ? null : `!(${plains.slice(0, ends[g - 1]).join(' | ')})`,
    })),
    tiers: plains.map((plain) => ({ plain, query: plain, indexed: plain, lookupCost: 1, share: 0.5 })),
    countAll: true,
    ...ALL_IDS,
    itemsInRange: items.length,
    fromTier: 1,
    before: ALL_IDS.top,
    wanted: items.length,
    ...page,
  };
}

/** The same in plain words: the first word that an item has, then the newest. */
const expected = (words: readonly string[]) =>
  items
    .map((has, i) => ({
      id: ids[i],
      tier: [...words, ''].findIndex((w) => w === '' || has.includes(w)) + 1,
      i,
    }))
    .toSorted((a, b) => a.tier - b.tier || b.i - a.i)
    .map(({ id, tier }) => ({ id, tier }));

const orders = [LETTERS, LETTERS.toReversed(), [...LETTERS.slice(5), ...LETTERS.slice(0, 5)]];

it.each(Array.from({ length: MAX_TIERS }, (_, k) => k))(
  'sorts matches into tiers of %i words, in any order and in one group or two',
  async (count) => {
    for (const order of orders) {
      const words = order.slice(0, count);
      const last = count + 1;
      const splits = [[last], ...Array.from({ length: count }, (_, k) => [k + 1, last])];
      for (const ends of splits) {
        const { rows, total } = await searchRanked(app.deps.db, planOf(words, ends, {}));
        expect(rows.map(({ id, tier }) => ({ id, tier }))).toEqual(expected(words));
        expect(total).toBe(items.length);
      }
    }
  },
);

it('continues in the middle of a tier', async () => {
  const words = LETTERS.slice(0, MAX_TIERS - 1);
  const all = expected(words);
  for (const position of [5, 20, 41]) {
    const { id: before = '', tier: fromTier = 1 } = all[position] ?? {};
    const page = planOf(words, [3, MAX_TIERS], { fromTier, before, wanted: 10 });
    const { rows } = await searchRanked(app.deps.db, page);
    expect(rows.map(({ id, tier }) => ({ id, tier }))).toEqual(all.slice(position + 1, position + 11));
  }
});
