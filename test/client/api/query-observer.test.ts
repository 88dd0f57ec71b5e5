import { QueryClient, QueryObserver, queryOptions } from '@tanstack/solid-query';
import { createEffect, createRoot, createSignal } from 'solid-js';
import { describe, expect, it, vi } from 'vitest';
import { createObserverSignal } from '../../../client/api/query-observer.ts';

const wordQuery = (word: string) =>
  queryOptions({ queryKey: ['word', word], queryFn: async () => word.toUpperCase(), staleTime: Infinity });

function setUp() {
  const client = new QueryClient();
  return createRoot((dispose) => {
    const [word, setWord] = createSignal('cat');
    const observer = new QueryObserver(client, wordQuery(word()));
    const result = createObserverSignal(observer, () => wordQuery(word()));
    const seen: (string | undefined)[] = [];
    createEffect(() => seen.push(result().data));
    return { client, result, setWord, seen, dispose };
  });
}

describe('createObserved', () => {
  it('fetches and tells what has come', async () => {
    const { result, seen, dispose } = setUp();
    expect(result().isPending).toBe(true);
    await vi.waitFor(() => expect(result().data).toBe('CAT'));
    expect(seen.at(-1)).toBe('CAT');
    dispose();
  });

  it('follows options that change, at once where it is in the cache', async () => {
    const { client, result, setWord, dispose } = setUp();
    await vi.waitFor(() => expect(result().data).toBe('CAT'));
    client.setQueryData(['word', 'dog'], 'DOG');
    setWord('dog');
    expect(result().data).toBe('DOG');
    setWord('cow');
    expect(result().isPending).toBe(true);
    await vi.waitFor(() => expect(result().data).toBe('COW'));
    dispose();
  });

  it('shows what is written into the cache', async () => {
    const { client, result, dispose } = setUp();
    await vi.waitFor(() => expect(result().data).toBe('CAT'));
    client.setQueryData(['word', 'cat'], 'KISSA');
    await vi.waitFor(() => expect(result().data).toBe('KISSA'));
    dispose();
  });

  it('observes no more once it is disposed of', async () => {
    const { client, seen, dispose } = setUp();
    await vi.waitFor(() => expect(seen.at(-1)).toBe('CAT'));
    dispose();
    expect(
      client
        .getQueryCache()
        .find({ queryKey: ['word', 'cat'] })
        ?.getObserversCount(),
    ).toBe(0);
    client.setQueryData(['word', 'cat'], 'KISSA');
    expect(seen.at(-1)).toBe('CAT');
  });
});
