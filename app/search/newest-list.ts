import { z } from 'zod';
import type { Database } from '../db/client.ts';
import { keepBySnapshot } from '../db/snapshot-cache.ts';
import { toListItem } from '../media/media.view.ts';
import type { Storage } from '../storage/storage.ts';
import { batchRuns } from '../util/coalesce.ts';
import { listNewest, type Page } from './search.repository.ts';

/** Pages of the newest that are cached: about a kilobyte an item, a hundred items at most. */
const CACHE_LIMITS = { most: 16, ms: 10_000 };

const pageKey = z.object({
  span: z.object({ bottom: z.string(), top: z.string() }),
  before: z.string().nullable(),
  limit: z.number(),
});

/**
 * Reads pages of the newest items, what everybody asks for when they come: one run at a time for all who ask, and none where nothing has
 * changed since the last (see {@link keepBySnapshot}).
 */
export function createNewestList(db: Database, storage: Storage) {
  const readAll = batchRuns(async (keys: readonly string[]) => {
    const pages = keys.map(async (key) => {
      const rows = await listNewest(db, pageKey.parse(JSON.parse(key)));
      // Not the rows: they have the text of every picture.
      const value = rows.map((row) => toListItem(row, storage, null));
      return [key, { value, snapshot: rows[0]?.snapshot ?? null }] as const;
    });
    return new Map(await Promise.all(pages));
  });
  const read = async (key: string) => (await readAll(key)) ?? { value: [], snapshot: null };
  const cached = keepBySnapshot(read, CACHE_LIMITS);
  return (page: Page, asOf: string | null) => cached(JSON.stringify(page), asOf);
}
