import { describe, expect, it } from 'vitest';
import {
  toListItem,
  withFavourites,
  withInserted,
  withoutItems,
  withUpdated,
} from '../../../client/library/list-pages.ts';
import { agesOf, idOf, item, listItem, page, pages } from '../support/items.ts';

describe('without', () => {
  it('takes an item out of the page it is on', () => {
    expect(agesOf(withoutItems(pages([1, 2], [3, 4]), new Set([idOf(3)])))).toEqual([[1, 2], [4]]);
  });

  it('gives the same object when the item is not there', () => {
    const loaded = pages([1, 2]);
    expect(withoutItems(loaded, new Set([idOf(9)]))).toBe(loaded);
  });
});

describe('withUpdated', () => {
  it('changes the facts and keeps what a search found', () => {
    const match = { field: 'text' as const, snippet: 'koodi', marks: [[0, 5] as [number, number]] };
    const loaded = {
      pages: [{ ...page([]), items: [listItem(1, { match, state: 'processing' })] }],
      pageParams: [''],
    };
    const updated = withUpdated(loaded, item(1, { state: 'ready', title: 'Now with a title' }));
    expect(updated.pages[0]?.items[0]).toMatchObject({ title: 'Now with a title', state: 'ready', match });
  });

  it('leaves the pages it does not touch as they are', () => {
    const loaded = pages([1, 2], [3, 4]);
    const updated = withUpdated(loaded, item(1, { title: 'x' }));
    expect(updated.pages[1]).toBe(loaded.pages[1]);
  });

  it('does not carry the text of whole items into lists', () => {
    expect(toListItem(item(1, { text: 'long words' }))).not.toHaveProperty('text');
  });
});

describe('withFavourites', () => {
  it('changes the favourites of the items and nothing else', () => {
    const loaded = pages([1, 2], [3]);
    const changed = withFavourites(loaded, new Map([[idOf(2), { favourites: 4, favourite: true }]]));
    expect(changed.pages[0]?.items).toEqual([listItem(1), listItem(2, { favourites: 4, favourite: true })]);
    expect(changed.pages[1]).toBe(loaded.pages[1]);
  });
});

describe('withInserted', () => {
  it('puts a new item first', () => {
    expect(agesOf(withInserted(pages([1, 2], [3]), listItem(0)))).toEqual([[0, 1, 2], [3]]);
  });

  it('puts a restored item where it was', () => {
    expect(agesOf(withInserted(pages([1, 3], [5]), listItem(2)))).toEqual([[1, 2, 3], [5]]);
    expect(agesOf(withInserted(pages([1, 3], [5]), listItem(4)))).toEqual([
      [1, 3],
      [4, 5],
    ]);
  });

  it('puts the oldest at the end of a list that is whole', () => {
    expect(agesOf(withInserted(pages([1], [2]), listItem(9)))).toEqual([[1], [2, 9]]);
  });

  it('leaves out what belongs behind the last loaded page', () => {
    const loaded = { pages: [page([1, 2], 'more')], pageParams: [''] };
    expect(withInserted(loaded, listItem(9))).toBe(loaded);
  });

  it('puts the first item into an empty folder', () => {
    expect(agesOf(withInserted(pages([]), listItem(1)))).toEqual([[1]]);
  });

  it('does nothing for an item that is there', () => {
    const loaded = pages([1, 2]);
    expect(withInserted(loaded, listItem(2))).toBe(loaded);
  });
});
