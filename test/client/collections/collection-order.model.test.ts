import { describe, expect, it } from 'vitest';
import { dropTarget, stepTarget, withMoved } from '../../../client/collections/collection-order.model.ts';
import { agesOf, idOf, pages } from '../support/items.ts';

const order = ['a', 'b', 'c', 'd', 'e'];

describe('stepTarget', () => {
  it.each([
    ['b', -1, null],
    ['c', -1, 'a'],
    ['a', 1, 'b'],
    ['d', 1, 'e'],
    ['a', -1, undefined],
    ['e', 1, undefined],
    ['x', 1, undefined],
    ['bc', -1, null],
    ['bc', 1, 'd'],
    ['de', 1, undefined],
    ['bd', -1, 'a'],
    ['abcde', 1, undefined],
  ] as const)('of %s by %i is behind %s', (moved, step, after) => {
    expect(stepTarget(order, moved.split(''), step)).toBe(after);
  });
});

describe('dropTarget', () => {
  it.each([
    ['e', 'a', 'before', null],
    ['e', 'b', 'before', 'a'],
    ['a', 'c', 'after', 'c'],
    ['b', 'c', 'before', 'a'],
    ['bc', 'd', 'before', 'a'],
    ['bc', 'c', 'after', undefined],
  ] as const)('of %s on %s (%s) is behind %s', (moved, onto, side, after) => {
    expect(dropTarget(order, moved.split(''), onto, side)).toBe(after);
  });
});

describe('withMoved', () => {
  it('moves items between pages, which keep their sizes', () => {
    const loaded = pages([1, 2], [3, 4]);
    expect(agesOf(withMoved(loaded, [idOf(4)], idOf(1)))).toEqual([
      [1, 4],
      [2, 3],
    ]);
    expect(agesOf(withMoved(loaded, [idOf(3), idOf(2)], null))).toEqual([
      [3, 2],
      [1, 4],
    ]);
  });
});
