import type { Query, QueryClient } from '@tanstack/solid-query';
import type { MediaItem, MediaListItem } from '../../app/media/media.schema.ts';
import { listKey, listQuery } from './list.queries.ts';
import { toListItem, withInserted, withoutItems, withUpdated, type Pages } from './list-pages.ts';

const folderKey = listQuery('').queryKey;

const eachList = (client: QueryClient, change: (pages: Pages) => Pages) =>
  client.setQueriesData<Pages>({ queryKey: listKey }, (pages) => pages && change(pages));

/** Finds an item in any loaded list. */
export function findInLists(client: QueryClient, id: string): MediaListItem | undefined {
  for (const [, list] of client.getQueriesData<Pages>({ queryKey: listKey })) {
    for (const page of list?.pages ?? []) {
      const found = page.items.find((item) => item.id === id);
      if (found) return found;
    }
  }
  return undefined;
}

/** Updates an item in every loaded list. */
export function updateInLists(client: QueryClient, item: MediaItem): void {
  eachList(client, (pages) => withUpdated(pages, item));
}

/** Inserts a new or restored item at its place in the library. */
export function insertIntoLibrary(client: QueryClient, item: MediaItem): void {
  reinsertItems(client, [toListItem(item)]);
}

/** Inserts items: in the library at once, in searches and the trash after a refetch. */
export function reinsertItems(client: QueryClient, items: readonly MediaListItem[]): void {
  client.setQueryData<Pages>(
    folderKey,
    (pages) =>
      pages &&
      items
        .filter(({ deletedAt }) => deletedAt === null)
        .reduce((all, item) => withInserted(all, { ...item, match: null }), pages),
  );
  refetchSearches(client);
}

/** Removes items from every loaded list. */
export function removeFromLists(client: QueryClient, ids: string | Iterable<string>): void {
  const gone = new Set(typeof ids === 'string' ? [ids] : ids);
  eachList(client, (pages) => withoutItems(pages, gone));
}

/** Removes a deleted item from every list except the trash, which now contains it. */
export function removeFromActiveLists(client: QueryClient, { id }: MediaItem): void {
  eachList(client, (pages) =>
    pages.pages.some(({ items }) => items.some((item) => item.id === id && item.deletedAt === null))
      ? withoutItems(pages, new Set([id]))
      : pages,
  );
}

/**
 * Refetches searches, because only the server knows their matches and order. It does not wait for a
 * running first request, which started before the change.
 *
 * @param filter only searches with this filter
 */
export function refetchSearches(client: QueryClient, filter = ''): void {
  const searches = {
    queryKey: listKey,
    predicate: ({ queryKey: [, , q] }: Query) => q !== '' && String(q).includes(filter),
  };
  void client.cancelQueries(searches).then(() => client.invalidateQueries(searches));
}
