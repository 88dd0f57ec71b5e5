import type { QueryClient } from '@tanstack/solid-query';
import type { MediaItem } from '../../app/media/media.schema.ts';
import { api, succeed, unwrap } from '../api/client.ts';
import { postToTabs } from '../api/broadcast.ts';
import { insertIntoLibrary, removeFromLists } from './list-cache.ts';
import { addItem, itemQuery } from './item.queries.ts';

/**
 * Deletes an item. It leaves the screen at once and returns if the server refuses.
 *
 * @returns a function that restores the item, after the deletion has finished
 */
export function deleteItem(
  client: QueryClient,
  item: MediaItem,
): { done: Promise<void>; undo: () => Promise<void> } {
  const { id } = item;
  removeFromLists(client, id);
  const done = remove(client, item);
  return {
    done,
    undo: async () => {
      await done;
      await restoreItem(client, id);
    },
  };
}

async function remove(client: QueryClient, item: MediaItem): Promise<void> {
  const { id } = item;
  try {
    await succeed(api.media[':id'].$delete({ param: { id }, query: {} }));
  } catch (thrown) {
    insertIntoLibrary(client, item);
    throw thrown;
  }
  void client.invalidateQueries(itemQuery(client, id));
  postToTabs({ is: 'items', ids: [id] });
}

/** Restores an item from the trash. */
export async function restoreItem(client: QueryClient, id: string): Promise<void> {
  addItem(client, await unwrap(api.media[':id'].restore.$post({ param: { id } })));
}
