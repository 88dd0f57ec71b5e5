/** What keeping within bounds needs of a `Cache`; its keys come in the order they were put. */
export type CacheLike = Pick<Cache, 'keys' | 'match' | 'put' | 'delete'>;

export interface Bounds {
  count: number;
  /** Of all together, in bytes. */
  bytes: number;
  /** Of one; larger ones are not kept. In bytes. */
  each: number;
}

/** The size of a kept answer, written when it is put: a stored one does not tell without being read. */
const SIZE_HEADER = 'x-kept-bytes';

/**
 * Answers kept within a number and a sum of bytes; the ones used longest ago go first. An entry moves to the end by being
 * put again, once in the life of a worker: thumbnails are looked at in bursts, and every move is a write.
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
    /** The kept answer, which counts as used now. */
    async get(url: string): Promise<Response | undefined> {
      const cache = await open();
      const kept = await cache.match(url, { ignoreVary: true });
      if (kept && !touched.has(url)) {
        touched.add(url);
        await cache.put(url, kept.clone());
      }
      return kept;
    },
    /** Keeps a whole, successful answer that is small enough. Resolves when the bounds hold again. */
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
