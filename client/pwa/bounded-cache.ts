/** The methods of `Cache` in use. Its keys are in insertion order. */
export type CacheLike = Pick<Cache, 'keys' | 'match' | 'put' | 'delete'>;

export interface Bounds {
  count: number;
  /** Maximum total size in bytes. */
  bytes: number;
  /** Maximum size of one entry in bytes; larger ones are not stored. */
  each: number;
}

/**
 * Header with the size of a stored response, written on insertion. Otherwise only reading the body
 * tells the size.
 */
const SIZE_HEADER = 'x-kept-bytes';

/**
 * A cache bounded by count and total bytes; the least recently used entries are evicted. A hit
 * moves an entry to the end, once per worker lifetime. Thumbnails are viewed in bursts, and every
 * move is a write.
 */
export function createBoundedCache(open: () => Promise<CacheLike>, bounds: Bounds) {
  const touched = new Set<string>();
  let pruning = Promise.resolve();

  async function prune(): Promise<void> {
    const cache = await open();
    const keys = await cache.keys();
    let count = 0;
    let bytes = 0;
    for (const key of keys.toReversed()) {
      const kept = await cache.match(key);
      count += 1;
      bytes += Number(kept?.headers.get(SIZE_HEADER) ?? bounds.each);
      if (count <= bounds.count && bytes <= bounds.bytes) continue;
      await cache.delete(key);
      touched.delete(key.url);
    }
  }

  return {
    /** Returns the stored response and marks it as recently used. */
    async get(url: string): Promise<Response | undefined> {
      const cache = await open();
      const kept = await cache.match(url, { ignoreVary: true });
      if (kept && !touched.has(url)) {
        touched.add(url);
        await cache.put(url, kept.clone());
      }
      return kept;
    },
    /** Stores a complete, successful response within the size limit. Resolves after evictions. */
    async put(url: string, response: Response): Promise<void> {
      const announced = Number(response.headers.get('content-length') ?? 0);
      if (response.status !== 200 || announced > bounds.each) {
        await response.body?.cancel();
        return;
      }
      const content = await response.blob();
      if (content.size > bounds.each) return;
      const headers = new Headers({ [SIZE_HEADER]: String(content.size) });
      const type = response.headers.get('content-type');
      if (type !== null) headers.set('content-type', type);
      const cache = await open();
      await cache.put(url, new Response(content, { headers }));
      touched.add(url);
      pruning = pruning.then(prune, prune);
      await pruning;
    },
  };
}
