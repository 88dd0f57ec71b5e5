import { queryOptions, type QueryClient } from '@tanstack/solid-query';
import type { MediaItem } from '../../app/media/media.schema.ts';
import { api, unwrap } from '../api/client.ts';
import { postToTabs } from '../api/broadcast.ts';
import { afterPaint } from '../ui/after-paint.ts';
import {
  findInLists,
  insertIntoLibrary,
  refetchSearches,
  removeFromActiveLists,
  updateInLists,
} from './list-cache.ts';

/** Age from which a cached item is refetched, in milliseconds: other users may have changed it. */
const STALE_MS = 5000;

/** The key of one whole item. */
export const itemKey = (id: string) => ['media', 'item', id] as const;

/** One whole item. The processing poller refetches it while it is being processed. */
export const itemQuery = (client: QueryClient, id: string) =>
  queryOptions({
    queryKey: itemKey(id),
    queryFn: async ({ signal }) => {
      // The list has enough to show first, and `fetch` alone takes a phone some milliseconds.
      await new Promise<void>(afterPaint);
      const item = await unwrap(api.media[':id'].$get({ param: { id } }, { init: { signal } }));
      showEverywhere(client, item);
      return item;
    },
    placeholderData: () => cachedItem(client, id),
    staleTime: STALE_MS,
  });

/** Item data known from the lists: everything except the text. */
export function cachedItem(client: QueryClient, id: string): MediaItem | undefined {
  const known = findInLists(client, id);
  return known && { ...known, text: '' };
}

/** The tags of an item as last heard from the server. */
export const knownTags = (client: QueryClient, id: string): readonly string[] =>
  (client.getQueryData<MediaItem>(itemKey(id)) ?? findInLists(client, id))?.tags ?? [];

/** Updates the lists with an item. Searches are refetched once its text has been read. */
function showEverywhere(client: QueryClient, item: MediaItem): void {
  const before = client.getQueryData<MediaItem>(itemKey(item.id)) ?? findInLists(client, item.id);
  if (item.deletedAt !== null) removeFromActiveLists(client, item);
  else updateInLists(client, item);
  if (before?.state === 'processing' && item.state !== 'processing') refetchSearches(client);
}

/** Shows an item from a server response everywhere, including the other tabs. */
export function putItem(client: QueryClient, item: MediaItem): void {
  showEverywhere(client, item);
  client.setQueryData(itemKey(item.id), item);
  postToTabs({ is: 'items', ids: [item.id] });
}

/** Shows a new or restored item everywhere: as `putItem`, and at its place in the library. */
export function addItem(client: QueryClient, item: MediaItem): void {
  putItem(client, item);
  insertIntoLibrary(client, item);
}

export type EditableTexts = 'title' | 'description' | 'text';

/** Edits the title, description or text of an item. */
export async function editItem(
  client: QueryClient,
  id: string,
  json: Partial<Record<EditableTexts, string>>,
): Promise<void> {
  putItem(client, await unwrap(api.media[':id'].$patch({ param: { id }, json })));
  refetchSearches(client);
}

/**
 * Processes failed stages again, or all of them. `overwriteText` discards a text that a person
 * corrected.
 */
export async function reprocessItem(client: QueryClient, id: string, overwriteText: boolean): Promise<void> {
  const json = { overwriteText };
  putItem(client, await unwrap(api.media[':id'].reprocess.$post({ param: { id }, json })));
}
