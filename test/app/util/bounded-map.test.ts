import { expect, it } from 'vitest';
import { setBounded } from '../../../app/util/bounded-map.ts';

it('a bounded map keeps what was set last, each key once', () => {
  const map = new Map<string, number>();
  for (const [i, key] of ['a', 'b', 'a', 'c', 'd'].entries()) setBounded(map, key, i, 3);
  expect([...map]).toEqual([
    ['a', 2],
    ['c', 3],
    ['d', 4],
  ]);
});
