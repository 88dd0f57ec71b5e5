import { useLocation } from '@solidjs/router';
import { createContext, createMemo, createSignal, useContext, type ParentProps } from 'solid-js';
import type { MediaList, MediaListItem } from '../../app/media/media.schema.ts';
import { hasFilter, queryFromUrl, TRASH } from './query-filters.ts';
import { createList } from './list.ts';
import { createPageLoader } from './page-loader.ts';
import { createSelection } from './selection.model.ts';

/** The loaded pages of a list. */
interface LoadedPages {
  readonly pages: readonly MediaList[];
}

/** Caches the flat list for the return to a list of thousands. */
const flat = new WeakMap<LoadedPages, readonly MediaListItem[]>();
const NONE: readonly MediaListItem[] = [];

/** The items of all pages. An item that moved to the next page while loading counts once. */
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

/** State of the list on screen: the whole library or search results, by the URL. */
function createLibrary() {
  const location = useLocation();
  const q = createMemo(() => queryFromUrl(location.search));
  const list = createList(q);
  const data = createMemo(() => list().data);

  const items = createMemo(() => itemsOf(data()));

  const ids = createMemo(() => items().map(({ id }) => id));
  const [awaited, setAwaited] = createSignal<string | null>(null);

  return {
    q,
    list,
    /** Whether the list is the trash. */
    trash: () => hasFilter(q(), TRASH),
    selection: createSelection(ids, q),
    /** Number of search results, if the server knows or estimates more than is loaded. */
    total: () => data()?.pages[0]?.total ?? null,
    /** The corrected query, used because no item matched the original words. */
    corrected: () => data()?.pages[0]?.corrected ?? null,
    items,
    /** Asks for the focus on the first result for a query, once the results are here. */
    requestFocus: (query: string) => setAwaited(query),
    /** Whether the requested results are here. Asking again says no. */
    takeFocusRequest(): boolean {
      if (awaited() !== q() || list().isPlaceholderData || list().isFetching) return false;
      setAwaited(null);
      return true;
    },
    ...createPageLoader({ key: q, list, count: () => items().length }),
  };
}

const LibraryContext = createContext<ReturnType<typeof createLibrary>>();

export function LibraryProvider(props: ParentProps) {
  return <LibraryContext.Provider value={createLibrary()}>{props.children}</LibraryContext.Provider>;
}

/** Returns the list on screen; throws outside `LibraryProvider`. */
export function useLibrary() {
  const library = useContext(LibraryContext);
  if (!library) throw new Error('useLibrary outside LibraryProvider');
  return library;
}
