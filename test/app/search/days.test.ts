import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { itemsOfDays } from '../../../app/search/search.schema.ts';
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

const request = (days: readonly string[]) =>
  aino.request(`/api/search/days?${new URLSearchParams(days.map((day) => ['day', day]))}`);
/** The same day of a year in Helsinki, which begins two hours before that of UTC. */
const day = (year: number) => `${Date.UTC(year, 10, 29, 22)}-${Date.UTC(year, 10, 30, 22)}`;
const titles = async (...years: number[]) =>
  itemsOfDays.parse(await (await request(years.map(day))).json()).items.map(({ title }) => title);

it('lists the items of each day, newest first, without the trash', async () => {
  const at = (text: string) => new Date(`${text}Z`);
  await fillFolder(app.deps.db, ownerId, [
    { title: 'before', at: at('2023-11-29T21:59:59.999') },
    { title: 'first', at: at('2023-11-29T22:00') },
    { title: 'last', at: at('2023-11-30T21:59:59.999') },
    { title: 'after', at: at('2023-11-30T22:00') },
    { title: 'trash', at: at('2024-11-30T10:00'), deleted: true },
    { title: 'later', at: at('2024-11-30T11:00') },
  ]);
  expect(await titles(2024, 2023, 2022)).toEqual(['later', 'last', 'first']);
  expect(await titles(2023)).toEqual(['last', 'first']);
  expect(await titles(2022)).toEqual([]);
});

it('lists a few items of a day with many, and few altogether', async () => {
  const years = [2019, 2020, 2021, 2022, 2023];
  for (const year of years)
    await fillFolder(
      app.deps.db,
      ownerId,
      Array.from({ length: 8 }, (_, i) => ({ title: `${year} ${i}` })),
      Date.UTC(year, 10, 30, 12),
    );
  expect(await titles(2020)).toEqual(['2020 7', '2020 6', '2020 5', '2020 4', '2020 3', '2020 2']);
  const all = await titles(...years);
  expect(all).toHaveLength(24);
  expect(all[0]).toBe('2023 7');
  expect(all.at(-1)).toBe('2020 2');
});

it.each([
  ['no day', []],
  ['no times', ['x']],
  ['an end before the beginning', ['5-4']],
  ['more than a day', [`0-${26 * 3_600_000}`]],
  ['too many days', Array.from({ length: 41 }, () => '0-1')],
])('refuses %s', async (_name, days) => {
  expect(await outcome(await request(days))).toBe('422 invalid_field');
});
