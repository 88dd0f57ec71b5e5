import { z } from 'zod';
import type { Database } from '../db/client.ts';
import { cacheBySnapshot } from '../db/snapshot-cache.ts';
import { favouritesFor, toListItem } from '../media/media.view.ts';
import type { Storage } from '../storage/storage.ts';
import { coalesce } from '../util/coalesce.ts';
import type { ListWindow } from './list-window.ts';
import { listNewest } from './search.repository.ts';

/**
 * Limits of the page cache: pages, and age in milliseconds. An item takes about a kilobyte, a page
 * has at most a hundred.
 */
const CACHE_LIMITS = { maxSize: 16, maxAgeMs: 10_000 };

const pageKey = z.object({
  span: z.object({ bottom: z.string(), top: z.string() }),
  before: z.string().nullable(),
  limit: z.number(),
});

/**
 * Creates a reader of the newest items.
 *
 * Everybody requests these pages first. Concurrent requests share one query, and unchanged pages
 * come from the cache (see {@link cacheBySnapshot}). Only the favourites differ between users.
 */
export function createNewestList(db: Database, storage: Storage) {
  const readAll = coalesce(async (keys: readonly string[]) => {
    const pages = keys.map(async (key) => {
      const rows = await listNewest(db, pageKey.parse(JSON.parse(key)));
      // The cache does not hold the rows, because they contain the text of every picture.
      const value = rows.map((row) => ({
        item: toListItem(row, storage, row.owner_id),
        favouredBy: row.favoured_by,
      }));
      return [key, { value, snapshot: rows[0]?.snapshot ?? null }] as const;
    });
    return new Map(await Promise.all(pages));
  });
  const read = async (key: string) => (await readAll(key)) ?? { value: [], snapshot: null };
  const cached = cacheBySnapshot(read, CACHE_LIMITS);
  return async (page: ListWindow, userId: string, asOf: string | null) =>
    (await cached(JSON.stringify(page), asOf)).map(({ item, favouredBy }) => ({
      ...item,
      ...favouritesFor(favouredBy, userId),
    }));
}
