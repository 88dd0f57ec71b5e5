import { QueryClient } from '@tanstack/solid-query';
import { createRoot, createSignal } from 'solid-js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MediaItem, MediaList, MediaListItem } from '../../../app/media/media.schema.ts';
import { countMove } from '../../../client/collections/moves.ts';
import { createFolderNews } from '../../../client/live/folder-news.model.ts';
import { createPendingNews } from '../../../client/live/pending-news.ts';
import { removeFromLists } from '../../../client/library/list-cache.ts';
import type { Pages } from '../../../client/library/list-pages.ts';
import { listQuery } from '../../../client/library/list.queries.ts';
import { agesOf, idOf, item, listItem, page, pages } from '../support/items.ts';

let client: QueryClient;
let asked: string[];
/** The server's first page, its pages by cursor, and its items by id. */
let head: MediaList;
let further: Record<string, MediaList>;
let items: Record<string, MediaItem>;
let fails: boolean;
let dispose = () => {};

beforeEach(() => {
  vi.useFakeTimers();
  client = new QueryClient();
  [asked, further, items, fails] = [[], {}, {}, false];
  vi.stubGlobal('fetch', async (url: string) => {
    const { pathname, searchParams } = new URL(url, 'https://localhost');
    const cursor = searchParams.get('cursor') ?? '';
    asked.push(pathname === '/api/media' ? `page ${cursor}` : `item ${ageOf(pathname.slice(11))}`);
    if (fails) throw new TypeError('no network');
    if (pathname === '/api/media') return Response.json(cursor === '' ? head : further[cursor]);
    const found = items[pathname.slice(11)];
    return found
      ? Response.json(found)
      : Response.json({ code: 'not_found', requestId: '1' }, { status: 404 });
  });
});
afterEach(() => {
  dispose();
  client.clear();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const ageOf = (id: string) => 9999 - Number(id.slice(4, 8));

interface Folder {
  loaded: Pages;
  q?: string;
  atTop?: boolean;
  onScreen?: number[];
  /** Age of the item in the viewer. */
  viewed?: number | null;
  own?: (item: MediaListItem) => boolean;
}

function open({ loaded, q = '', atTop = true, onScreen = [], viewed = null, own = () => false }: Folder) {
  const key = listQuery(q).queryKey;
  client.setQueryData<Pages>(key, loaded);
  const read = () => client.getQueryData<Pages>(key) ?? pages([]);
  const pending = createPendingNews();
  const add = (news: number[] | 'all') => pending.add([q], news === 'all' ? news : news.map(idOf));
  const root = createRoot((end) => {
    dispose = end;
    const [list, setList] = createSignal(read());
    client.getQueryCache().subscribe(() => setList(read()));
    const [top, setTop] = createSignal(atTop);
    const [selecting, setSelecting] = createSignal(false);
    const news = createFolderNews({
      client,
      q: () => q,
      items: () => list().pages.flatMap((each) => each.items),
      use: {
        onScreen: () => new Set(onScreen.map(idOf)),
        mayMove: () => top() && !selecting() && viewed === null,
        isSelecting: selecting,
        viewed: () => (viewed === null ? null : idOf(viewed)),
      },
      pending,
      isOwnUpload: own,
      isHidden: () => false,
      isLoaded: () => true,
    });
    return { news, setTop, setSelecting };
  });
  return {
    ...root,
    ages: () => agesOf(read()),
    titles: () => read().pages.flatMap((each) => each.items.map(({ title }) => title)),
    waiting: () => root.news.waiting().map(({ id }) => ageOf(id)),
    add,
    tell: async (news: number[] | 'all') => {
      add(news);
      await vi.advanceTimersByTimeAsync(20_000);
    },
  };
}

describe('createFolderNews', () => {
  it('shows new items by themselves at the top', async () => {
    const folder = open({ loaded: pages([2, 3], [4]) });
    head = page([0, 1, 2], 'more');
    await folder.tell([0, 1]);
    expect(folder.ages()).toEqual([[0, 1, 2, 3], [4]]);
    expect(folder.waiting()).toEqual([]);
    expect(asked).toEqual(['page ']);
  });

  it('holds new items back elsewhere, until they are asked for or the top is reached', async () => {
    const folder = open({ loaded: pages([3, 4], [5]), atTop: false, onScreen: [4] });
    head = page([2, 3], 'more');
    await folder.tell([2]);
    expect(folder.waiting()).toEqual([2]);
    head = page([1, 2, 3], 'more');
    await folder.tell([1]);
    expect(folder.waiting()).toEqual([1, 2]);
    expect(folder.ages()).toEqual([[3, 4], [5]]);
    await folder.news.show();
    expect(folder.ages()).toEqual([[1, 2, 3, 4], [5]]);
    head = page([0, 1, 2], 'more');
    await folder.tell([0]);
    expect(folder.waiting()).toEqual([0]);
    folder.setTop(true);
    await vi.advanceTimersByTimeAsync(1);
    expect(folder.ages()[0]).toEqual([0, 1, 2, 3, 4]);
    expect(folder.waiting()).toEqual([]);
  });

  it('moves nothing while something is selected', async () => {
    const folder = open({ loaded: pages([1, 2, 3], [4]), onScreen: [1, 2, 3] });
    folder.setSelecting(true);
    head = page([0, 1, 3], 'more');
    await folder.tell([0, 2]);
    expect(folder.ages()).toEqual([[1, 2, 3], [4]]);
    folder.setSelecting(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(folder.ages()).toEqual([[0, 1, 3], [4]]);
  });

  it('keeps the tiles above the screen, and those in the viewer', async () => {
    const folder = open({ loaded: pages([1, 2, 3, 4]), atTop: false, onScreen: [3, 4], viewed: 3 });
    head = page([2]);
    await folder.tell([1, 3, 4]);
    expect(folder.ages()).toEqual([[1, 2, 3]]);
  });

  it('updates items in their places, those behind the first page one by one', async () => {
    const folder = open({ loaded: pages([1, 2], [3, 4]), atTop: false, onScreen: [1] });
    head = { ...page([], 'more'), items: [listItem(1, { title: 'a' }), listItem(2)] };
    items = { [idOf(4)]: item(4, { title: 'd' }) };
    await folder.tell([1, 3, 4]);
    expect(folder.ages()).toEqual([[1, 2], [4]]);
    expect(folder.titles()).toEqual(['a', '', 'd']);
    expect(asked.toSorted()).toEqual(['item 3', 'item 4', 'page ']);
  });

  it('reloads many changed items by their pages, and what is gone of them', async () => {
    const old = Array.from({ length: 20 }, (_, i) => 10 + i);
    const folder = open({ loaded: pages([1, 2], old, [50]), atTop: false, onScreen: [1] });
    head = page([1, 2], 'more');
    further = {
      'after-0': page(
        old.filter((age) => age !== 15),
        'after-1',
      ),
    };
    await folder.tell(old);
    expect(asked).toEqual(['page ', 'page after-0']);
    expect(folder.ages()[1]).toEqual(old.filter((age) => age !== 15));
  });

  it('reloads only what is on the screen when anything may have changed', async () => {
    const old = Array.from({ length: 20 }, (_, i) => 10 + i);
    const later = Array.from({ length: 20 }, (_, i) => 40 + i);
    const folder = open({ loaded: pages([1, 2], old, later), atTop: false, onScreen: later.slice(0, 12) });
    head = page([1, 2], 'more');
    further = { 'after-1': page(later) };
    await folder.tell('all');
    expect(asked).toEqual(['page ', 'page after-1']);
  });

  it('begins anew after more additions than a page lists, in place of a request for the next page', async () => {
    const folder = open({ loaded: pages([5, 6], [7]) });
    head = page([0, 1], 'more');
    await folder.tell('all');
    expect(folder.ages()).toEqual([[0, 1]]);
  });

  it('does not bring back what this page is deleting', async () => {
    const folder = open({ loaded: pages([1, 2, 3], [4]) });
    removeFromLists(client, idOf(2));
    await vi.advanceTimersByTimeAsync(1);
    // The server does not know of it yet.
    head = page([0, 1, 2, 3], 'more');
    await folder.tell([0]);
    expect(folder.ages()).toEqual([[0, 1, 3], [4]]);
    // Another person restores it later.
    head = page([0, 1, 2, 3], 'more');
    await folder.tell([2]);
    expect(folder.ages()).toEqual([[0, 1, 2, 3], [4]]);
  });

  it('does not offer what this page is adding', async () => {
    const folder = open({ loaded: pages([2], [3]), atTop: false, own: ({ id }) => id === idOf(1) });
    head = page([0, 1, 2], 'more');
    await folder.tell([0, 1]);
    expect(folder.waiting()).toEqual([0]);
  });

  it('takes over the order that somebody else gave a collection', async () => {
    const folder = open({ loaded: pages([3, 1, 2], [5]), q: 'in:koirat' });
    head = page([1, 3, 2], 'more');
    await folder.tell([1]);
    // The rest is loaded again when it is scrolled to.
    expect(folder.ages()).toEqual([[1, 3, 2]]);
    // Nothing moves without a change of the order.
    head = page([1, 3, 2], 'other');
    await folder.tell([2]);
    expect(folder.ages()).toEqual([[1, 3, 2]]);
  });

  it('takes over an item that moved to or from a later page of a collection', async () => {
    const folder = open({ loaded: pages([3, 1, 2], [5, 4]), q: 'in:koirat' });
    head = page([4, 3, 1], 'more');
    await folder.tell([4]);
    expect(folder.ages()).toEqual([[4, 3, 1]]);
    const other = open({ loaded: pages([3, 1, 2], [5, 4]), q: 'in:koirat' });
    head = page([3, 2, 5], 'more');
    await other.tell([1]);
    expect(other.ages()).toEqual([[3, 2, 5]]);
  });

  it('keeps a newer item behind the first page of a collection that is ordered by hand', async () => {
    const folder = open({ loaded: pages([2, 3], [1]), q: 'in:koirat' });
    head = page([2, 3], 'more');
    await folder.tell([2]);
    expect(folder.ages()).toEqual([[2, 3], [1]]);
  });

  it('holds another order back while something is selected, and while its own move is on the way', async () => {
    const folder = open({ loaded: pages([3, 1, 2]), q: 'in:koirat' });
    head = page([1, 3, 2]);
    folder.setSelecting(true);
    await folder.tell([1]);
    expect(folder.ages()).toEqual([[3, 1, 2]]);
    folder.setSelecting(false);
    await vi.advanceTimersByTimeAsync(0);
    expect(folder.ages()).toEqual([[1, 3, 2]]);

    let answer = () => {};
    const move = countMove(new Promise<void>((resolve) => (answer = resolve)));
    head = page([2, 1, 3]);
    await folder.tell([2]);
    expect(folder.ages()).toEqual([[1, 3, 2]]);
    answer();
    await move;
    await folder.tell([2]);
    expect(folder.ages()).toEqual([[2, 1, 3]]);
  });

  it('tries again later after a failure, and forgets nothing', async () => {
    const folder = open({ loaded: pages([1, 2], [3]), atTop: false, onScreen: [1] });
    head = page([1, 2], 'more');
    items = { [idOf(3)]: item(3, { title: 'late' }) };
    fails = true;
    await folder.tell([3]);
    fails = false;
    await vi.advanceTimersByTimeAsync(30_000);
    expect(folder.titles()).toEqual(['', '', 'late']);
  });

  it('makes few requests of a thousand changes in a row', async () => {
    const folder = open({ loaded: pages([1, 2], [3]) });
    head = page([1, 2], 'more');
    for (let i = 0; i < 1000; i++) {
      folder.add([i]);
      await vi.advanceTimersByTimeAsync(20);
    }
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked.filter((one) => one === 'page ').length).toBeLessThan(12);
  });
});
