import { describe, expect, it } from 'vitest';
import { compareHead, withChanges, withHeadFacts, withUpdates } from '../../../client/live/list-changes.ts';
import { withoutItems, withUpdated, type Pages } from '../../../client/library/list-pages.ts';
import { agesOf, idOf, item, listItem, page, pages } from '../support/items.ts';

const agesOfItems = (items: readonly { id: string }[]) =>
  items.map(({ id }) => 9999 - Number(id.slice(4, 8)));

/** Merges a first page, as a folder at its top does. */
function merge(before: Pages, head: ReturnType<typeof page>, now = before, byTime = true): number[][] {
  return agesOf(withChanges(now, compareHead(before, now, head, byTime), byTime));
}

describe('compareHead and withChanges', () => {
  it('add what is new and keep what lies beyond the first page', () => {
    expect(merge(pages([2, 3, 4], [5, 6]), page([0, 1, 2, 3], 'more'))).toEqual([
      [0, 1, 2, 3, 4],
      [5, 6],
    ]);
  });

  it('drop what has left the list within the first page', () => {
    expect(merge(pages([1, 2, 3], [4, 5]), page([1, 3, 4], 'more'))).toEqual([[1, 3, 4], [5]]);
  });

  it('take a first page without a next one for the whole list', () => {
    expect(merge(pages([1, 2], [3]), page([2]))).toEqual([[2]]);
    expect(merge(pages([1]), page([]))).toEqual([[]]);
  });

  it('begin anew when more was added than a page lists', () => {
    const before = pages([5, 6], [7]);
    expect(compareHead(before, before, page([0, 1, 2], 'more'), true).isFar).toBe(true);
    expect(merge(before, page([0, 1, 2], 'more'))).toEqual([[0, 1, 2]]);
  });

  it('fill an empty list', () => {
    expect(merge(pages([]), page([1, 2], 'more'))).toEqual([[1, 2]]);
  });

  it('keep what this page deleted during the request out of the list', () => {
    const before = pages([1, 2, 3], [4]);
    const now = withoutItems(before, new Set([idOf(2)]));
    expect(merge(before, page([0, 1, 2, 3], 'more'), now)).toEqual([[0, 1, 3], [4]]);
  });

  it('keep what this page added during the request, at its place', () => {
    const before = pages([2, 3], [4]);
    const now = { ...before, pages: [page([1, 2, 3], 'after-0'), page([4])] };
    expect(merge(before, page([2, 3], 'more'), now)).toEqual([[1, 2, 3], [4]]);
  });

  it('do not take an item for gone that others pushed off the first page of a ranked search', () => {
    const before = pages([5, 1, 9], [2]);
    const changes = compareHead(before, before, page([0, 5, 1], 'more'), false);
    expect(changes.removed).toEqual([]);
    expect(agesOfItems(changes.added)).toEqual([0]);
    expect(agesOf(withChanges(before, changes, false))).toEqual([[0, 5, 1, 9], [2]]);
  });

  it('put an item of a later page into the first only once', () => {
    expect(merge(pages([1, 2], [3, 4]), page([0, 1, 2, 3], 'more'))).toEqual([[0, 1, 2, 3], [4]]);
  });
});

describe('withUpdates', () => {
  const always = () => true;

  it('changes items in their places, and only the pages of these', () => {
    const before = pages([1, 2], [3]);
    const answer = { ...page([0, 1]), items: [listItem(0), listItem(1, { title: 'new' })] };
    const updated = withUpdates(before, before, answer, always);
    expect(agesOf(updated)).toEqual([[1, 2], [3]]);
    expect(updated.pages[0]?.items[0]?.title).toBe('new');
    expect(updated.pages[0]?.items[1]).toBe(before.pages[0]?.items[1]);
    expect(updated.pages[1]).toBe(before.pages[1]);
  });

  it('gives the same list when nothing has changed, so that nothing renders', () => {
    const before = pages([1, 2], [3]);
    expect(withUpdates(before, before, page([1, 2, 3]), always)).toBe(before);
    expect(withHeadFacts(before, page([1]))).toBe(before);
  });

  it('keeps what this page edited during the request', () => {
    const before = pages([1, 2]);
    const now = withUpdated(before, item(1, { title: 'mine' }));
    const updated = withUpdates(before, now, page([1, 2]), always);
    expect(updated.pages[0]?.items[0]?.title).toBe('mine');
  });

  it('leaves an item that may not change now', () => {
    const before = pages([1, 2]);
    const answer = { ...page([]), items: [listItem(1, { title: 'a' }), listItem(2, { title: 'b' })] };
    const updated = withUpdates(before, before, answer, ({ id }) => id !== idOf(1));
    expect(updated.pages[0]?.items.map(({ title }) => title)).toEqual(['', 'b']);
  });
});

describe('withHeadFacts', () => {
  it('takes the number of results from the first page', () => {
    const total = { value: 7, exact: true };
    expect(withHeadFacts(pages([1], [2]), { ...page([1]), total }).pages[0]?.total).toEqual(total);
  });
});
