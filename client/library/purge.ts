import type { QueryClient } from '@tanstack/solid-query';
import type { MediaItem } from '../../app/media/media.schema.ts';
import { api, unwrap } from '../api/client.ts';
import { postToTabs } from '../api/broadcast.ts';
import { PICTURE_CACHE } from '../pwa/caches.ts';
import { inBatches } from './bulk-actions.ts';
import { itemQuery, putItem } from './item.queries.ts';
import { refetchSearches, removeFromLists } from './list-cache.ts';

/** Deletes items of the trash for good. Returns the number of deleted items. */
export async function purgeItems(client: QueryClient, ids: readonly string[]): Promise<number> {
  const parts = await inBatches(ids, (some) => unwrap(api.media.purge.$post({ json: { ids: some } })));
  const gone = parts.flatMap((part) => part.ids);
  removeFromLists(client, gone);
  for (const id of gone) client.removeQueries({ queryKey: itemQuery(client, id).queryKey });
  refetchSearches(client);
  postToTabs({ is: 'items', ids: gone });
  return gone.length;
}

/**
 * Deletes everything in the trash for good, in steps. The server finishes it alone if the page is
 * closed.
 *
 * @param onLeft called after each step with the number of items left
 * @returns the number of deleted items
 */
export async function emptyTrash(
  client: QueryClient,
  scope: 'mine' | 'all',
  onLeft: (count: number) => void,
): Promise<number> {
  const first = await unwrap(api.trash.$delete({ query: { scope } }));
  const all = first.deleted + first.remaining;
  for (let left = first.remaining; left > 0;) {
    onLeft(left);
    left = (await unwrap(api.trash.$delete({ query: { scope } }))).remaining;
  }
  refetchSearches(client);
  return all;
}

/** Gives the files of an item new addresses, and forgets the pictures of the old ones. */
export async function renewAddress(client: QueryClient, before: MediaItem): Promise<void> {
  const { item } = await unwrap(api.media[':id']['new-address'].$post({ param: { id: before.id } }));
  putItem(client, item);
  if (!('caches' in globalThis)) return;
  const pictures = await caches.open(PICTURE_CACHE);
  for (const url of [before.url, before.thumbUrl, before.largeUrl, before.posterUrl])
    if (url !== null) await pictures.delete(new URL(url, location.href));
}
