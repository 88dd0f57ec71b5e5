import { describe, expect, it } from 'vitest';
import { createShellCache } from '../../../client/pwa/shell-cache.ts';

const ORIGIN = 'https://memes.example';
const FIRST = ['/', '/assets/first-a.js'];
const FILES = [...FIRST, '/assets/admin-b.js', '/assets/viewer-c.js'];

/** Makes a shell cache that notes every request, `path cache-mode`. */
function harness({ before = {}, status = 200 }: { before?: Record<string, string>; status?: number } = {}) {
  const entries = new Map<string, string>();
  const requests: string[] = [];
  const keyOf = (request: RequestInfo | URL) => (request instanceof Request ? request.url : String(request));
  const cache = createShellCache(
    { release: 'a', first: FIRST, files: FILES },
    {
      open: async () => ({
        match: async (request) => {
          const body = entries.get(keyOf(request));
          return body === undefined ? undefined : new Response(body);
        },
        put: async (request, response) => void entries.set(keyOf(request), await response.text()),
      }),
      findAnywhere: async (path) => (path in before ? new Response(before[path]) : undefined),
      fetch: async (request) => {
        const path = new URL(request.url).pathname;
        requests.push(`${path} ${request.cache}`);
        return new Response(`new ${path}`, { status });
      },
      origin: ORIGIN,
    },
  );
  return { cache, entries, requests };
}

describe('the cache of a release', () => {
  it('has at first what a start needs, hashed files from the browser’s own cache', async () => {
    const { cache, entries, requests } = harness();
    await cache.install();
    expect([...entries.keys()]).toEqual(FIRST);
    expect(requests).toEqual(['/ no-cache', '/assets/first-a.js default']);
  });

  it('takes unchanged files from an earlier release, but never its page', async () => {
    const { cache, entries, requests } = harness({ before: { '/': 'old', '/assets/first-a.js': 'old' } });
    await cache.install();
    expect(Object.fromEntries(entries)).toEqual({ '/': 'new /', '/assets/first-a.js': 'old' });
    expect(requests).toEqual(['/ no-cache']);
  });

  it('is not installed when a file cannot be had', async () => {
    const { cache, entries } = harness({ status: 503 });
    await expect(cache.install()).rejects.toThrow('503');
    expect(entries.size).toBe(0);
  });

  it('gets the rest on request, each file once', async () => {
    const { cache, entries, requests } = harness();
    await cache.install();
    await cache.keep(cache.named({ keep: 'all' }));
    await cache.keep(cache.named({ keep: 'all' }));
    expect([...entries.keys()]).toEqual(FILES);
    expect(requests).toHaveLength(FILES.length);
  });

  it('gets what a page has loaded, and nothing that is not of the release', async () => {
    const { cache } = harness();
    expect(
      cache.named({ keep: ['/assets/viewer-c.js', '/assets/viewer-old.js', '/api/auth/me', 7] }),
    ).toEqual(['/assets/viewer-c.js']);
    for (const message of [null, 'all', {}, { keep: null }, { keep: 'some' }])
      expect(cache.named(message)).toEqual([]);
  });

  it('keeps a file that a page fetches, but no error and no other file', async () => {
    const { cache, entries } = harness();
    await cache.put('/assets/viewer-c.js', new Response('viewer'));
    await cache.put('/assets/admin-b.js', new Response('gone', { status: 404 }));
    await cache.put('/api/auth/me', new Response('{}'));
    expect(Object.fromEntries(entries)).toEqual({ '/assets/viewer-c.js': 'viewer' });
    expect(await (await cache.get('/assets/viewer-c.js'))?.text()).toBe('viewer');
    expect(await cache.get('/assets/admin-b.js')).toBeUndefined();
  });
});
