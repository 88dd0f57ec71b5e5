import { useLocation } from '@solidjs/router';
import { createContext, createMemo, useContext, type ParentProps } from 'solid-js';
import type { MediaList, MediaListItem } from '../../app/media/media.schema.ts';
import { hasFilter, TRASH } from './query-filters.ts';
import { createList } from './list.ts';
import { createSelection } from './selection.model.ts';

/** The pages of a list as they were loaded. */
interface LoadedPages {
  readonly pages: readonly MediaList[];
}

/** Kept for when one goes back to a list of thousands. */
const flat = new WeakMap<LoadedPages, readonly MediaListItem[]>();
const NONE: readonly MediaListItem[] = [];

/** The items of all pages; one that moved from a page to the next while they were loaded counts once. */
function itemsOf(pages: LoadedPages | undefined): readonly MediaListItem[] {
  if (!pages) return NONE;
  let items = flat.get(pages);
  if (!items) {
    const seen = new Set<string>();
    items = pages.pages.flatMap((page) => page.items.filter(({ id }) => !seen.has(id) && seen.add(id)));
    flat.set(pages, items);
  }
  return items;
}

/** The list on screen: all of the folder or what a search found, as the address says. */
function createLibrary() {
  const location = useLocation();
  const q = createMemo(() => {
    const value = location.query['q'];
    return (Array.isArray(value) ? value[0] : value)?.trim() ?? '';
  });
  const list = createList(q);
  const data = createMemo(() => list().data);

  const items = createMemo(() => itemsOf(data()));

  const ids = createMemo(() => items().map(({ id }) => id));

  return {
    q,
    list,
    /** Whether this is the trash. */
    trash: () => hasFilter(q(), TRASH),
    selection: createSelection(ids, q),
    /** How many a search finds, if the server knows or guesses more than is loaded. */
    total: () => data()?.pages[0]?.total ?? null,
    /** What was searched for instead of words that nothing matched. */
    corrected: () => data()?.pages[0]?.corrected ?? null,
    items,
    /** Loads the next page and says whether there is more now. */
    async loadNext(): Promise<boolean> {
      const { hasNextPage, fetchNextPage } = list();
      if (!hasNextPage) return false;
      const before = items().length;
      await fetchNextPage({ cancelRefetch: false });
      return items().length > before;
    },
    /** Loads the next page, if there is one and nothing is on its way. */
    loadMore(): void {
      const { hasNextPage, isFetching, fetchNextPage } = list();
      if (hasNextPage && !isFetching) void fetchNextPage();
    },
  };
}

const LibraryContext = createContext<ReturnType<typeof createLibrary>>();

export function LibraryProvider(props: ParentProps) {
  return <LibraryContext.Provider value={createLibrary()}>{props.children}</LibraryContext.Provider>;
}

/** The list on screen; throws outside `FolderProvider`. */
export function useLibrary() {
  const library = useContext(LibraryContext);
  if (!library) throw new Error('useLibrary outside LibraryProvider');
  return library;
}
