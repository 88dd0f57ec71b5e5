import { describe, expect, it } from 'vitest';
import { createBoundedCache, type CacheLike } from '../../../client/pwa/bounded-cache.ts';

/** Makes a cache like a browser's: a put moves an entry to the end. */
function fakeCache() {
  const entries = new Map<string, Response>();
  const urlOf = (request: RequestInfo | URL) => (request instanceof Request ? request.url : String(request));
  const cache: CacheLike = {
    keys: async () => [...entries.keys()].map((url) => new Request(url)),
    match: async (request) => entries.get(urlOf(request))?.clone(),
    put: async (request, response) => {
      entries.delete(urlOf(request));
      entries.set(urlOf(request), response);
    },
    delete: async (request) => entries.delete(urlOf(request)),
  };
  return { open: async () => cache, names: () => [...entries.keys()].map((url) => new URL(url).pathname) };
}

const at = (name: string) => `https://memes.example/${name}`;
const picture = (bytes: number, status = 200) =>
  new Response(new Uint8Array(bytes), { status, headers: { 'content-type': 'image/webp' } });

describe('the cache of thumbnails', () => {
  it('gives back what was put, with its type', async () => {
    const cache = createBoundedCache(fakeCache().open, { count: 3, bytes: 1000, each: 500 });
    await cache.put(at('a'), picture(7));
    const kept = await cache.get(at('a'));
    expect(kept?.headers.get('content-type')).toBe('image/webp');
    expect((await kept?.arrayBuffer())?.byteLength).toBe(7);
    expect(await cache.get(at('b'))).toBeUndefined();
  });

  it('never has more than its number, and drops what was used longest ago', async () => {
    const { open, names } = fakeCache();
    const before = createBoundedCache(open, { count: 3, bytes: 1000, each: 500 });
    for (const name of ['a', 'b', 'c']) await before.put(at(name), picture(10));
    // The worker restarts; then the oldest entry is read.
    const cache = createBoundedCache(open, { count: 3, bytes: 1000, each: 500 });
    await cache.get(at('a'));
    await cache.put(at('d'), picture(10));
    expect(names()).toEqual(['/c', '/a', '/d']);
  });

  it('never has more than its bytes', async () => {
    const { open, names } = fakeCache();
    const cache = createBoundedCache(open, { count: 100, bytes: 1000, each: 500 });
    for (const name of ['a', 'b', 'c', 'd']) await cache.put(at(name), picture(400));
    expect(names()).toEqual(['/c', '/d']);
  });

  it('keeps neither what is too large nor what is no whole answer', async () => {
    const { open, names } = fakeCache();
    const cache = createBoundedCache(open, { count: 100, bytes: 1000, each: 500 });
    await cache.put(at('large'), picture(501));
    await cache.put(at('gone'), picture(10, 404));
    await cache.put(at('part'), picture(10, 206));
    expect(names()).toEqual([]);
  });

  it('holds its bounds when many come at once', async () => {
    const { open, names } = fakeCache();
    const cache = createBoundedCache(open, { count: 5, bytes: 1000, each: 500 });
    await Promise.all(Array.from({ length: 60 }, (_, index) => cache.put(at(`${index}`), picture(10))));
    expect(names()).toHaveLength(5);
  });
});
