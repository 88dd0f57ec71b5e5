import { infiniteQueryOptions, keepPreviousData } from '@tanstack/solid-query';
import type { MediaList } from '../../app/media/media.schema.ts';
import { api, unwrap } from '../api/client.ts';
import { hasFilter, takeSort, TRASH } from './query-filters.ts';

/** Items per page: about two screens of a large display. */
const PAGE_SIZE = 60;

export const listKey = ['media', 'list'] as const;

/**
 * Loads one page of the library, the trash, or the results for `q`, in the order of `q`. `cursor`
 * is empty for the first page. A search for very rare terms may return an empty page with a cursor
 * (docs/search-index.md). Only a page without a cursor is the end.
 */
export async function fetchPage(q: string, cursor: string, signal?: AbortSignal): Promise<MediaList> {
  const first = await request(q, cursor, signal);
  let page = first;
  while (page.items.length === 0 && page.nextCursor !== null)
    page = await request(q, page.nextCursor, signal);
  return page === first ? page : { ...page, total: first.total, corrected: first.corrected };
}

function request(q: string, cursor: string, signal?: AbortSignal): Promise<MediaList> {
  const { sort, rest } = takeSort(q);
  return unwrap(
    api.media.$get(
      {
        query: {
          limit: String(PAGE_SIZE),
          ...(hasFilter(q, TRASH) ? { trash: 'true' } : { ...(sort && { sort }), ...(rest && { q: rest }) }),
          ...(cursor && { cursor }),
        },
      },
      { init: { signal: signal ?? null } },
    ),
  );
}

/**
 * The library, newest first, or the results for `q`. Loaded pages are never refetched, which would
 * cost one request per page. Changes are written into the cache instead (`list-cache.ts`,
 * `live/list-refresh.ts`).
 */
export const listQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: [...listKey, q],
    queryFn: ({ pageParam, signal }) => fetchPage(q, pageParam, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    // Every deletion changes the trash, in any tab or browser.
    staleTime: hasFilter(q, TRASH) ? 0 : q ? 30_000 : Infinity,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
