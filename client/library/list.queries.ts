import { infiniteQueryOptions, keepPreviousData } from '@tanstack/solid-query';
import type { MediaList } from '../../app/media/media.schema.ts';
import { api, unwrap } from '../api/client.ts';
import { hasFilter, TRASH } from './query-filters.ts';

/** Tiles on a page: about two screens of a large display. */
const PAGE_SIZE = 60;

export const listKey = ['media', 'list'] as const;

/**
 * One page of the folder, of the trash, or of what was found for `q`. `cursor` is empty for the first. A search for what is
 * very rare may answer a page of nothing with where to go on (docs/search.md): only a page without a next one is empty here.
 */
export async function fetchPage(q: string, cursor: string, signal?: AbortSignal): Promise<MediaList> {
  const first = await request(q, cursor, signal);
  let page = first;
  while (page.items.length === 0 && page.nextCursor !== null)
    page = await request(q, page.nextCursor, signal);
  return page === first ? page : { ...page, total: first.total, corrected: first.corrected };
}

const request = (q: string, cursor: string, signal?: AbortSignal): Promise<MediaList> =>
  unwrap(
    api.media.$get(
      {
        query: {
          limit: String(PAGE_SIZE),
          ...(hasFilter(q, TRASH) ? { trash: 'true' } : q && { q }),
          ...(cursor && { cursor }),
        },
      },
      { init: { signal: signal ?? null } },
    ),
  );

/**
 * The folder, newest first, or what was found for `q`. Pages stay as loaded: asking for all of them again would cost a
 * request per page, so changes are written into the cache instead (`list-cache.ts`, `freshen.ts`).
 */
export const listQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: [...listKey, q],
    queryFn: ({ pageParam, signal }) => fetchPage(q, pageParam, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    // The trash changes by every deletion, wherever it was made.
    staleTime: hasFilter(q, TRASH) ? 0 : q ? 30_000 : Infinity,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
