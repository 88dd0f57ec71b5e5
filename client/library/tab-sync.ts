import type { QueryClient } from '@tanstack/solid-query';
import { toApiError } from '../api/errors.ts';
import { onTabMessage } from '../api/broadcast.ts';
import {
  findInLists,
  revalidateLibrary,
  insertIntoLibrary,
  refetchSearches,
  removeFromLists,
} from './list-cache.ts';
import { itemQuery } from './item.queries.ts';

/**
 * Maximum number of items to reload one by one. Above it, the first page of the library is
 * reloaded.
 */
const MAX_ITEM_RELOADS = 8;

/** Shows changes from other tabs of this browser until the returned function is called. */
export const syncWithTabs = (client: QueryClient, report: (thrown: unknown) => void): (() => void) =>
  onTabMessage((news) => {
    if (news.is !== 'items') return;
    const { ids } = news;
    if (ids.length > MAX_ITEM_RELOADS) {
      revalidateLibrary(client).catch(report);
      refetchSearches(client);
    } else for (const id of ids) reloadItem(client, id).catch(report);
  });

/** Reloads an item and updates every view of it. */
async function reloadItem(client: QueryClient, id: string): Promise<void> {
  try {
    const item = await client.fetchQuery({ ...itemQuery(client, id), staleTime: 0 });
    if (item.deletedAt === null && !findInLists(client, id)) insertIntoLibrary(client, item);
  } catch (thrown) {
    if (toApiError(thrown).code !== 'not_found') throw thrown;
    removeFromLists(client, id);
  }
}
