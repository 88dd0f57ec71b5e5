import { queryOptions, type QueryClient } from '@tanstack/solid-query';
import type { MediaItem } from '../../app/media/media.schema.ts';
import { api, unwrap } from '../api/client.ts';
import { findInLists, refreshSearches, updateInLists } from '../browse/list-cache.ts';

/** How often an item whose words are being read is asked about, in milliseconds. */
const POLL_MS = 1500;

const itemKey = (id: string) => ['media', 'item', id] as const;

/** One whole item. While its words are being read it is asked about again and again. */
export const mediaQuery = (client: QueryClient, id: string) =>
  queryOptions({
    queryKey: itemKey(id),
    queryFn: async ({ signal }) => {
      const item = await unwrap(api.media[':id'].$get({ param: { id } }, { init: { signal } }));
      showEverywhere(client, item);
      return item;
    },
    placeholderData: () => {
      const known = findInLists(client, id);
      return known && { ...known, text: '' };
    },
    refetchInterval: (query) => (query.state.data?.state === 'processing' ? POLL_MS : false),
  });

/** Brings the lists up to date with an item; searches are asked again once its words have been read. */
function showEverywhere(client: QueryClient, item: MediaItem): void {
  const before = client.getQueryData<MediaItem>(itemKey(item.id)) ?? findInLists(client, item.id);
  updateInLists(client, item);
  if (before?.state === 'processing' && item.state !== 'processing') refreshSearches(client);
}

/** Shows an item the server has just answered, everywhere it is shown. */
export function putItem(client: QueryClient, item: MediaItem): void {
  showEverywhere(client, item);
  client.setQueryData(itemKey(item.id), item);
}

/** Changes title or description. */
export async function editMedia(
  client: QueryClient,
  id: string,
  json: { title?: string; description?: string },
): Promise<void> {
  putItem(client, await unwrap(api.media[':id'].$patch({ param: { id }, json })));
}
