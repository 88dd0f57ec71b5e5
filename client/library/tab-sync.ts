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

/** Changes of more items than this at once are followed by loading the head of the folder. */
const MAX_ITEM_RELOADS = 8;

/** Shows what other tabs of this browser did to items, until the returned function is called. */
export const syncWithTabs = (client: QueryClient, report: (thrown: unknown) => void): (() => void) =>
  onTabMessage((news) => {
    if (news.is !== 'items') return;
    const { ids } = news;
    if (ids.length > MAX_ITEM_RELOADS) {
      revalidateLibrary(client).catch(report);
      refetchSearches(client);
    } else for (const id of ids) reloadItem(client, id).catch(report);
  });

/** Loads an item anew and shows it as it is now, wherever it is shown. */
async function reloadItem(client: QueryClient, id: string): Promise<void> {
  try {
    const item = await client.fetchQuery({ ...itemQuery(client, id), staleTime: 0 });
    if (item.deletedAt === null && !findInLists(client, id)) insertIntoLibrary(client, item);
  } catch (thrown) {
    if (toApiError(thrown).code !== 'not_found') throw thrown;
    removeFromLists(client, id);
  }
}
