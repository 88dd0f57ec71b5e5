import { InfiniteQueryObserver, QueryClient } from '@tanstack/solid-query';
import { createRoot, createSignal } from 'solid-js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MediaList } from '../../../app/media/media.schema.ts';
import { ApiError } from '../../../client/api/errors.ts';
import { createObserverSignal } from '../../../client/api/query-observer.ts';
import { listQuery } from '../../../client/library/list.queries.ts';
import { withAnswer, withoutItems, type Pages } from '../../../client/library/list-pages.ts';
import { createPageLoader } from '../../../client/library/page-loader.ts';
import { agesOf, idOf, page } from '../support/items.ts';

const Q = 'type:image';
const PAGES: Record<string, MediaList> = {
  '': page([1, 2], 'b'),
  b: page([3, 4], 'c'),
  c: page([5, 6]),
};

/** A request that the test answers. */
interface HeldRequest {
  cursor: string;
  answer: (status?: number) => void;
}

let open: HeldRequest[];
let client: QueryClient;

beforeEach(() => {
  open = [];
  client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  vi.stubGlobal('fetch', (url: string, { signal }: RequestInit) => {
    const cursor = new URL(url, 'https://localhost').searchParams.get('cursor') ?? '';
    return new Promise<Response>((resolve, reject) => {
      const held: HeldRequest = {
        cursor,
        answer: (status = 200) => resolve(Response.json(status === 200 ? PAGES[cursor] : {}, { status })),
      };
      signal?.addEventListener('abort', () => {
        open = open.filter((other) => other !== held);
        reject(signal.reason);
      });
      open.push(held);
    });
  });
});
afterEach(() => {
  client.clear();
  vi.unstubAllGlobals();
});

/** Waits for the next request, and checks its cursor. */
async function request(cursor: string): Promise<HeldRequest> {
  await vi.waitFor(() => expect(open).not.toHaveLength(0));
  const next = open.shift();
  expect(next?.cursor).toBe(cursor);
  if (!next) throw new Error('no request');
  return next;
}

/** A list of which the first page is loaded. */
async function setUp() {
  const [key, setKey] = createSignal(Q);
  const options = () => ({ ...listQuery(key()), structuralSharing: withAnswer });
  const observer = new InfiniteQueryObserver(client, options());
  const root = createRoot((dispose) => ({ list: createObserverSignal(observer, options), dispose }));
  const pages = () => client.getQueryData<Pages>(listQuery(Q).queryKey);
  const count = () => pages()?.pages.flatMap(({ items }) => items).length ?? 0;
  const loader = createPageLoader({ key, list: root.list, count });
  (await request('')).answer();
  await vi.waitFor(() => expect(count()).toBe(2));
  return { ...root, ...loader, setKey, pages };
}

/** Whether a promise settles before the queued tasks run. */
const isPending = async (promise: Promise<unknown>) => {
  const pending = Symbol('pending');
  const task = new Promise((resolve) => setTimeout(() => resolve(pending)));
  return (await Promise.race([promise, task])) === pending;
};

describe('a page loader', () => {
  it('loads page by page up to the end', async () => {
    const { loadNext, pages, dispose } = await setUp();
    for (const cursor of ['b', 'c']) {
      const next = loadNext();
      (await request(cursor)).answer();
      expect(await next).toBe(true);
    }
    expect(await loadNext()).toBe(false);
    expect(agesOf(pages()!)).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    dispose();
  });

  it('requests the page after a refresh that is under way', async () => {
    const { loadNext, dispose } = await setUp();
    void client.invalidateQueries();
    const refresh = await request('');
    const next = loadNext();
    expect(await isPending(next)).toBe(true);
    expect(open).toEqual([]);
    refresh.answer();
    (await request('b')).answer();
    expect(await next).toBe(true);
    dispose();
  });

  it('requests the page again after a refresh has cancelled the request', async () => {
    const { loadNext, dispose } = await setUp();
    const next = loadNext();
    await request('b');
    await client.cancelQueries();
    void client.invalidateQueries();
    (await request('')).answer();
    (await request('b')).answer();
    expect(await next).toBe(true);
    dispose();
  });

  it('requests the page after a refresh that failed, and throws the error of the page itself', async () => {
    const { loadNext, dispose } = await setUp();
    void client.invalidateQueries();
    const refresh = await request('');
    const next = loadNext();
    refresh.answer(500);
    (await request('b')).answer(500);
    await expect(next).rejects.toBeInstanceOf(ApiError);
    const again = loadNext();
    (await request('b')).answer();
    expect(await again).toBe(true);
    dispose();
  });

  it('starts one load for all who ask meanwhile', async () => {
    const { loadNext, loadMore, dispose } = await setUp();
    expect(loadMore()).toBe(true);
    expect(loadMore()).toBe(false);
    const next = loadNext();
    (await request('b')).answer();
    expect(await next).toBe(true);
    expect(open).toEqual([]);
    dispose();
  });

  it('ends when another list is shown', async () => {
    const { loadNext, setKey, dispose } = await setUp();
    void client.invalidateQueries();
    const refresh = await request('');
    const next = loadNext();
    setKey('');
    (await request('')).answer();
    refresh.answer();
    expect(await next).toBe(false);
    dispose();
  });

  it('starts a load of another list beside the old one', async () => {
    const { loadNext, loadMore, setKey, list, dispose } = await setUp();
    const old = loadNext();
    await request('b');
    setKey('');
    (await request('')).answer();
    await vi.waitFor(() => expect(list().isPlaceholderData).toBe(false));
    expect(loadMore()).toBe(true);
    (await request('b')).answer();
    expect(await old).toBe(false);
    dispose();
  });

  it('keeps a deletion made while the next page loads', async () => {
    const { loadNext, pages, dispose } = await setUp();
    const next = loadNext();
    const answer = await request('b');
    client.setQueryData<Pages>(listQuery(Q).queryKey, (all) => all && withoutItems(all, new Set([idOf(1)])));
    answer.answer();
    expect(await next).toBe(true);
    expect(agesOf(pages()!)).toEqual([[2], [3, 4]]);
    dispose();
  });

  it('keeps a list that was replaced while the next page loads', async () => {
    const { loadNext, pages, dispose } = await setUp();
    const first = loadNext();
    (await request('b')).answer();
    await first;
    const next = loadNext();
    const answer = await request('c');
    const head: Pages = { pages: [page([0, 1])], pageParams: [''] };
    client.setQueryData<Pages>(listQuery(Q).queryKey, head);
    answer.answer();
    expect(await next).toBe(false);
    expect(agesOf(pages()!)).toEqual([[0, 1]]);
    dispose();
  });
});
