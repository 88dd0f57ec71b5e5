import { describe, expect, it } from 'vitest';
import { createGrid } from '../../../client/grid/grid.model.ts';
import { isByDate, itemAtTop } from '../../../client/grid/month-label.model.ts';
import { listItem } from '../support/items.ts';

describe('a list by date', () => {
  it.each(['', 'type:video', 'is:mine tag:cat', 'sort:oldest', 'koira sort:newest', 'koira sort:oldest'])(
    'is that of %j',
    (q) => expect(isByDate(q)).toBe(true),
  );

  it.each(['koira', 'koira type:video', 'sort:shared', 'koira sort:shared', 'is:trash'])(
    'is not that of %j',
    (q) => expect(isByDate(q)).toBe(false),
  );
});

it('the item at the top is the first of the list that is still in view', () => {
  const items = Array.from({ length: 200 }, (_, index) => listItem(index));
  const grid = createGrid(
    () => items,
    () => ({ top: 2000, height: 800, width: 1200, line: 20 }),
  );
  const found = itemAtTop(grid, 2000);
  const index = items.findIndex(({ id }) => id === found?.id);
  const reaches = (id: string) => {
    const box = grid.box(id);
    return box !== undefined && box.y + box.height > 2000;
  };
  expect(index).toBeGreaterThan(5);
  expect(items.slice(0, index).some(({ id }) => reaches(id))).toBe(false);
  expect(itemAtTop(grid, 1_000_000)).toBeUndefined();
});
