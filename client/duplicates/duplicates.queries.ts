import { infiniteQueryOptions, type QueryClient } from '@tanstack/solid-query';
import type { DuplicateGroup } from '../../app/media/duplicates/duplicates.schema.ts';
import type { MediaItem, MediaListItem } from '../../app/media/media.schema.ts';
import { api, unwrap } from '../api/client.ts';
import { restoreItems } from '../library/bulk-actions.ts';
import { itemKey, putItem } from '../library/item.queries.ts';
import { removeFromLists } from '../library/list-cache.ts';

const duplicatesKey = ['duplicates'] as const;

/** Groups of items that are the same meme, page by page, newest first. */
export const duplicatesQuery = infiniteQueryOptions({
  queryKey: duplicatesKey,
  queryFn: ({ pageParam, signal }) =>
    unwrap(api.duplicates.$get({ query: pageParam ? { before: pageParam } : {} }, { init: { signal } })),
  initialPageParam: '',
  getNextPageParam: (page) => page.next,
  staleTime: 0,
});

/** Loads the groups again. */
const refetchDuplicates = (client: QueryClient): Promise<void> =>
  client.invalidateQueries({ queryKey: duplicatesKey });

/** A merge that a user may do or propose: items, and the one with the best file. */
export interface WantedMerge {
  into: MediaListItem;
  items: readonly MediaListItem[];
}

/** Returns the merge of those items of a group that may be merged, or that may not. */
export function mergeOf(
  { items }: DuplicateGroup,
  may: (item: MediaListItem) => boolean,
): WantedMerge | null {
  const [first, ...others] = items.map(({ item }) => item);
  const wanted = others.filter(may);
  return first && wanted.length > 0 ? { into: first, items: wanted } : null;
}

/** A merge that is done: the item that stays, and a function that undoes it. */
interface DoneMerge {
  item: MediaItem;
  undo: () => Promise<void>;
}

/**
 * Merges items into another one.
 *
 * @throws {ApiError} `already_merged`, `not_allowed`, `not_found`
 */
export async function mergeItems(
  client: QueryClient,
  { into, items }: { into: { id: string }; items: readonly MediaListItem[] },
): Promise<DoneMerge> {
  const ids = items.map(({ id }) => id);
  const json = { into: into.id, ids };
  const done = await unwrap(api.duplicates.merge.$post({ json })).finally(() => refetchDuplicates(client));
  removeFromLists(client, ids);
  putItem(client, done.item);
  return {
    item: done.item,
    async undo() {
      await restoreItems(client, items);
      void client.invalidateQueries({ queryKey: itemKey(into.id) });
      await refetchDuplicates(client);
    },
  };
}

/** Proposes a merge to the owners of the items and to administrators, or takes that back. */
export async function wishMerge(
  client: QueryClient,
  { into, items }: WantedMerge,
  wished: boolean,
): Promise<void> {
  const json = { into: into.id, ids: items.map(({ id }) => id), wished };
  await unwrap(api.duplicates.wishes.$put({ json })).finally(() => refetchDuplicates(client));
}
