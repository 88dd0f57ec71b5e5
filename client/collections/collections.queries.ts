import { infiniteQueryOptions, queryOptions, type QueryClient } from '@tanstack/solid-query';
import type { Collection, CollectionSort } from '../../app/collections/collections.schema.ts';
import { api, succeed, unwrap } from '../api/client.ts';
import { postToTabs } from '../api/broadcast.ts';
import { inBatches } from '../library/bulk-actions.ts';
import { refetchSearches } from '../library/list-cache.ts';

const collectionsKey = ['collections'] as const;

/** Collections by name, page by page; with a text only those whose name contains it. */
export const collectionsQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: [...collectionsKey, 'list', q],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.collections.$get(
          { query: { ...(q && { q }), ...(pageParam && { cursor: pageParam }) } },
          { init: { signal } },
        ),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: (before) => before,
    staleTime: 0,
  });

/** A few collections whose name contains a text, for a list of suggestions. */
export const collectionIdeasQuery = (q: string, limit: number) =>
  queryOptions({
    queryKey: [...collectionsKey, 'ideas', q, limit],
    queryFn: ({ signal }) =>
      unwrap(
        api.collections.$get({ query: { ...(q && { q }), limit: String(limit) } }, { init: { signal } }),
      ),
    staleTime: 5000,
  });

/** The collection of a name; `null` if there is none. */
export const namedCollectionQuery = (name: string) =>
  queryOptions({
    queryKey: [...collectionsKey, 'named', name],
    queryFn: async ({ signal }) =>
      (await unwrap(api.collections.$get({ query: { name } }, { init: { signal } }))).collections[0] ?? null,
    staleTime: 5000,
  });

/** The collections that an item is in. */
export const collectionsOfItemQuery = (item: string) =>
  queryOptions({
    queryKey: [...collectionsKey, 'item', item],
    queryFn: ({ signal }) =>
      unwrap(api.collections.$get({ query: { item, limit: '100' } }, { init: { signal } })),
    staleTime: 5000,
  });

/** Shows a change of collections everywhere, also in other tabs. */
function collectionsChanged(client: QueryClient, ids: readonly string[] = []): void {
  refetchSearches(client, 'in:');
  void client.invalidateQueries({ queryKey: collectionsKey });
  if (ids.length > 0) postToTabs({ is: 'items', ids });
}

interface CollectionTexts {
  name: string;
  description: string;
  sort: CollectionSort;
}

/** Makes a collection. Error: collection_taken. */
export async function createCollection(
  client: QueryClient,
  json: Pick<CollectionTexts, 'name'> & Partial<CollectionTexts>,
): Promise<Collection> {
  const made = await unwrap(api.collections.$post({ json }));
  collectionsChanged(client);
  return made;
}

/** Changes a collection. Error: collection_taken. */
export async function editCollection(
  client: QueryClient,
  id: string,
  json: Partial<CollectionTexts>,
): Promise<Collection> {
  const changed = await unwrap(api.collections[':collection'].$patch({ param: { collection: id }, json }));
  collectionsChanged(client);
  return changed;
}

export async function deleteCollection(client: QueryClient, id: string): Promise<void> {
  await succeed(api.collections[':collection'].$delete({ param: { collection: id } }));
  collectionsChanged(client);
}

/**
 * Adds items to a collection.
 *
 * @returns the ids of those that were not in it, and a function that removes them again
 */
export async function collectItems(client: QueryClient, id: string, ids: readonly string[]) {
  const done = await inBatches(ids, (some) =>
    unwrap(api.collections[':collection'].items.$post({ param: { collection: id }, json: { ids: some } })),
  ).finally(() => collectionsChanged(client, ids));
  const added = done.flatMap((part) => part.added);
  return {
    added,
    undo: async () => {
      await removeFromCollection(client, id, added);
    },
  };
}

/**
 * Removes items from a collection.
 *
 * @returns the number of removed items, and a function that gives them back their places
 */
export async function removeFromCollection(client: QueryClient, id: string, ids: readonly string[]) {
  const done = await inBatches(ids, (some) =>
    unwrap(api.collections[':collection'].remove.$post({ param: { collection: id }, json: { ids: some } })),
  ).finally(() => collectionsChanged(client, ids));
  const places = new Map(done.flatMap(({ removed }) => removed.map((item) => [item.id, item.place])));
  return {
    count: places.size,
    undo: async () => {
      await inBatches([...places.keys()], (some) =>
        unwrap(
          api.collections[':collection'].items.$post({
            param: { collection: id },
            json: {
              ids: some,
              places: Object.fromEntries(some.map((each) => [each, places.get(each) ?? '0'])),
            },
          }),
        ),
      ).finally(() => collectionsChanged(client, ids));
    },
  };
}

/** Moves items of a collection behind another one; `null`: to the beginning. */
export async function moveInCollection(
  client: QueryClient,
  id: string,
  ids: readonly string[],
  after: string | null,
): Promise<void> {
  await succeed(
    api.collections[':collection'].order.$put({ param: { collection: id }, json: { ids: [...ids], after } }),
  );
  void client.invalidateQueries({ queryKey: collectionsKey });
}

/** Loads the lists of collections again. */
export const refetchCollected = (client: QueryClient): void => refetchSearches(client, 'in:');
