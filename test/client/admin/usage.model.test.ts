import { expect, it } from 'vitest';
import { usageByUser } from '../../../client/admin/usage.model.ts';

const aino = { userId: '0', username: 'Aino' };
const louhi = { userId: '1', username: 'Louhi' };

it('makes one line for each person, the largest first', () => {
  const rows = [
    { ...aino, kind: 'image', items: 2, bytes: 100 },
    { ...louhi, kind: 'video', items: 1, bytes: 900 },
    { ...aino, kind: 'animation', items: 1, bytes: 50 },
  ] as const;
  expect(usageByUser(rows)).toEqual([
    { username: 'Louhi', bytes: { image: 0, animation: 0, video: 900 }, total: 900 },
    { username: 'Aino', bytes: { image: 100, animation: 50, video: 0 }, total: 150 },
  ]);
});

it('has nothing to show of an empty folder', () => {
  expect(usageByUser([])).toEqual([]);
});
