import { queryOptions, type QueryClient } from '@tanstack/solid-query';
import type { MediaItem } from '../../app/media/media.schema.ts';
import { api, unwrap } from '../api/client.ts';
import { postToTabs } from '../api/broadcast.ts';
import { findInLists, refetchSearches, removeFromActiveLists, updateInLists } from './list-cache.ts';

/** How often an item of which something is still being made is asked about, in milliseconds. */
const POLL_MS = 1500;
/** Coming back to an item after this, in milliseconds, looks for what others did to it meanwhile. */
const STALE_MS = 5000;

const itemKey = (id: string) => ['media', 'item', id] as const;

/** One whole item. While something of it is still being made it is asked about again and again. */
export const itemQuery = (client: QueryClient, id: string) =>
  queryOptions({
    queryKey: itemKey(id),
    queryFn: async ({ signal }) => {
      const item = await unwrap(api.media[':id'].$get({ param: { id } }, { init: { signal } }));
      showEverywhere(client, item);
      return item;
    },
    placeholderData: () => cachedItem(client, id),
    refetchInterval: (query) => (query.state.data?.state === 'processing' ? POLL_MS : false),
    staleTime: STALE_MS,
  });

/** What the lists know of an item: all but its text. */
export function cachedItem(client: QueryClient, id: string): MediaItem | undefined {
  const known = findInLists(client, id);
  return known && { ...known, text: '' };
}

/** Brings the lists up to date with an item; searches are asked again once its words have been read. */
function showEverywhere(client: QueryClient, item: MediaItem): void {
  const before = client.getQueryData<MediaItem>(itemKey(item.id)) ?? findInLists(client, item.id);
  if (item.deletedAt !== null) removeFromActiveLists(client, item);
  else updateInLists(client, item);
  if (before?.state === 'processing' && item.state !== 'processing') refetchSearches(client);
}

/** Shows an item the server has just answered, everywhere it is shown, in the other tabs too. */
export function putItem(client: QueryClient, item: MediaItem): void {
  showEverywhere(client, item);
  client.setQueryData(itemKey(item.id), item);
  postToTabs({ is: 'items', ids: [item.id] });
}

export type EditableTexts = 'title' | 'description' | 'text';

/** Changes title, description or the words of the picture. */
export async function editItem(
  client: QueryClient,
  id: string,
  json: Partial<Record<EditableTexts, string>>,
): Promise<void> {
  putItem(client, await unwrap(api.media[':id'].$patch({ param: { id }, json })));
  refetchSearches(client);
}

/** Makes what failed again, or everything; `overwriteText` gives up a text that a person corrected. */
export async function reprocessItem(client: QueryClient, id: string, overwriteText: boolean): Promise<void> {
  const json = { overwriteText };
  const remade = await unwrap(
    api.media[':id'].reprocess.$post(
      { param: { id } },
      { init: { body: JSON.stringify(json), headers: { 'content-type': 'application/json' } } },
    ),
  );
  putItem(client, remade);
}
