import type { QueryClient } from '@tanstack/solid-query';
import type { MediaItem } from '../../app/media/media.schema.ts';
import { api, succeed, unwrap } from '../api/client.ts';
import { insertIntoFolder, refreshSearches, removeFromLists } from '../browse/list-cache.ts';
import { putItem } from './media.queries.ts';

/**
 * Deletes an item: gone from the screen at once, put back when the server refuses.
 *
 * @returns what undoes it, waiting for the deletion to have happened first
 */
export function deleteMedia(
  client: QueryClient,
  item: MediaItem,
): { done: Promise<void>; undo: () => Promise<void> } {
  const { id } = item;
  removeFromLists(client, id);
  const done = succeed(api.media[':id'].$delete({ param: { id } })).then(
    () => undefined,
    (thrown: unknown) => {
      insertIntoFolder(client, item);
      throw thrown;
    },
  );
  return {
    done,
    undo: async () => {
      await done;
      const restored = await unwrap(api.media[':id'].restore.$post({ param: { id } }));
      putItem(client, restored);
      insertIntoFolder(client, restored);
      refreshSearches(client);
    },
  };
}
