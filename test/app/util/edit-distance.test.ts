import { expect, test } from 'vitest';
import { editDistance } from '../../../app/util/edit-distance.ts';

test('counts insertions, deletions, replacements and swaps of neighbours', () => {
  expect(editDistance('kissa', 'kissa')).toBe(0);
  expect(editDistance('kissa', 'kisssa')).toBe(1);
  expect(editDistance('kissa', 'kisa')).toBe(1);
  expect(editDistance('kissa', 'kassa')).toBe(1);
  expect(editDistance('kisas', 'kissa')).toBe(1);
  expect(editDistance('', 'abc')).toBe(3);
});

test('counts a swap as two edits where swaps are off', () => {
  expect(editDistance('kisas', 'kissa', { swaps: false })).toBe(2);
});

test('answers Infinity beyond the limit', () => {
  expect(editDistance('kissa', 'koira', { limit: 3 })).toBe(3);
  expect(editDistance('kissa', 'koira', { limit: 2 })).toBe(Infinity);
  expect(editDistance('kissa', 'kissanpentu', { limit: 2 })).toBe(Infinity);
});
