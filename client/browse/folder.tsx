import { useLocation } from '@solidjs/router';
import { useInfiniteQuery } from '@tanstack/solid-query';
import { createContext, createMemo, useContext, type ParentProps } from 'solid-js';
import { unwrap } from 'solid-js/store';
import type { MediaListItem } from '../../app/media/media.schema.ts';
import { listQuery } from './browse.queries.ts';

/** The list on screen: all of the folder or what a search found, with its place in the address. */
function createFolder() {
  const location = useLocation();
  const q = createMemo(() => {
    const value = location.query['q'];
    return (Array.isArray(value) ? value[0] : value)?.trim() ?? '';
  });
  const query = useInfiniteQuery(() => listQuery(q()));

  // Unwrapped, because thousands of items need no reactivity each: every change comes as new pages. An item that moved
  // between two pages while they were loaded counts once.
  const items = createMemo((): readonly MediaListItem[] => {
    if (query.isPending || query.isLoadingError) return [];
    const pages = unwrap(query.data)?.pages ?? [];
    return [...new Map(pages.flatMap((page) => page.items).map((item) => [item.id, item])).values()];
  });

  const first = () => (query.isPending || query.isLoadingError ? undefined : unwrap(query.data)?.pages[0]);

  return {
    q,
    /** How many a search finds, if the server knows or guesses more than is loaded. */
    total: () => first()?.total ?? null,
    /** What was searched for instead of words that nothing matched. */
    corrected: () => first()?.corrected ?? null,
    query,
    items,
    /** Loads the next page, if there is one and it is not on its way. */
    loadMore(): void {
      if (query.hasNextPage && !query.isFetching) void query.fetchNextPage();
    },
  };
}

const FolderContext = createContext<ReturnType<typeof createFolder>>();

export function FolderProvider(props: ParentProps) {
  return <FolderContext.Provider value={createFolder()}>{props.children}</FolderContext.Provider>;
}

/** The list on screen; throws outside `FolderProvider`. */
export function useFolder() {
  const folder = useContext(FolderContext);
  if (!folder) throw new Error('useFolder outside FolderProvider');
  return folder;
}
