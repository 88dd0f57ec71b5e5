import type { Accessor } from 'solid-js';

/** The part of an infinite query's result that loads pages. */
interface PagedList {
  readonly hasNextPage: boolean;
  readonly isFetching: boolean;
  readonly isFetchingNextPage: boolean;
  fetchNextPage(options: { cancelRefetch: boolean; throwOnError: boolean }): Promise<unknown>;
}

interface PageLoaderProps {
  /** Key of the list; a change ends a load. */
  key: Accessor<string>;
  list: Accessor<PagedList>;
  /** Number of items in the loaded pages. */
  count: Accessor<number>;
}

/**
 * Loads further pages of a list. A refresh of the loaded pages may be running, or may cancel the
 * request for the next page. In both cases, the page is requested after the refresh.
 */
export function createPageLoader({ key, list, count }: PageLoaderProps) {
  let running: { key: string; loaded: Promise<boolean> } | undefined;

  async function load(): Promise<boolean> {
    const started = key();
    while (key() === started && list().hasNextPage) {
      const now = list();
      const isRefreshing = now.isFetching && !now.isFetchingNextPage;
      const before = count();
      // A failed refresh keeps the loaded pages, so that the next page can still be requested.
      await now.fetchNextPage({ cancelRefetch: false, throwOnError: !isRefreshing });
      if (!isRefreshing && count() > before) return true;
    }
    return false;
  }

  /**
   * Loads the next page; concurrent calls share one load. Returns false at the end of the list.
   *
   * @throws the error of the request for the page
   */
  function loadNext(): Promise<boolean> {
    if (running?.key === key()) return running.loaded;
    const mine = { key: key(), loaded: load() };
    running = mine;
    const end = () => {
      if (running === mine) running = undefined;
    };
    mine.loaded.then(end, end);
    return mine.loaded;
  }

  return {
    loadNext,
    /**
     * Starts to load the next page. The list's state shows an error. Returns false if there is no
     * next page or a load is running.
     */
    loadMore(): boolean {
      if (!list().hasNextPage || running?.key === key()) return false;
      loadNext().catch(() => undefined);
      return true;
    },
  };
}
