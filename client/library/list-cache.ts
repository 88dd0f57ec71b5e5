import type { Query, QueryClient } from '@tanstack/solid-query';
import type { MediaItem, MediaListItem } from '../../app/media/media.schema.ts';
import { fetchPage, listKey, listQuery } from './list.queries.ts';
import { toListItem, withHead, withInserted, withoutItems, withUpdated, type Pages } from './list-pages.ts';

const folderKey = listQuery('').queryKey;

const eachList = (client: QueryClient, change: (pages: Pages) => Pages) =>
  client.setQueriesData<Pages>({ queryKey: listKey }, (pages) => pages && change(pages));

/** The item as some loaded list knows it. */
export function findInLists(client: QueryClient, id: string): MediaListItem | undefined {
  for (const [, list] of client.getQueriesData<Pages>({ queryKey: listKey })) {
    for (const page of list?.pages ?? []) {
      const found = page.items.find((item) => item.id === id);
      if (found) return found;
    }
  }
  return undefined;
}

/** Writes an item's new facts into every loaded list. */
export function updateInLists(client: QueryClient, item: MediaItem): void {
  eachList(client, (pages) => withUpdated(pages, item));
}

/** Shows a new or restored item at its place in the folder. */
export function insertIntoLibrary(client: QueryClient, item: MediaItem): void {
  reinsertItems(client, [toListItem(item)]);
}

/** Shows items at their places: in the folder at once, in searches and the trash when the server says so. */
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

/** Takes items out of every loaded list. */
export function removeFromLists(client: QueryClient, ids: string | Iterable<string>): void {
  const gone = new Set(typeof ids === 'string' ? [ids] : ids);
  eachList(client, (pages) => withoutItems(pages, gone));
}

/** Takes an item that was deleted out of every list that shows it as it was: all but the trash, which it has come into. */
export function removeFromActiveLists(client: QueryClient, { id }: MediaItem): void {
  eachList(client, (pages) =>
    pages.pages.some(({ items }) => items.some((item) => item.id === id && item.deletedAt === null))
      ? withoutItems(pages, new Set([id]))
      : pages,
  );
}

/**
 * Asks again for what is searched for: what a search finds and in which order only the server knows. A first answer that is
 * on its way is not waited for: it was asked for before the change.
 */
export function refetchSearches(client: QueryClient): void {
  const searches = { queryKey: listKey, predicate: (query: Query) => query.queryKey[2] !== '' };
  void client.cancelQueries(searches).then(() => client.invalidateQueries(searches));
}

/** Looks for what others have added or deleted since the folder was loaded: one request, whatever its length. */
export async function revalidateLibrary(client: QueryClient): Promise<void> {
  if (!client.getQueryData<Pages>(folderKey)) return;
  const head = await fetchPage('', '');
  const pages = client.getQueryData<Pages>(folderKey);
  const merged = pages && withHead(pages, head);
  if (merged) client.setQueryData<Pages>(folderKey, merged);
  else await client.resetQueries({ queryKey: folderKey });
}
