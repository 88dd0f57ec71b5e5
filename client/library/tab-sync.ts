import type { QueryClient } from '@tanstack/solid-query';
import { toApiError } from '../api/errors.ts';
import { hearTabs } from '../api/broadcast.ts';
import {
  findInLists,
  freshenFolder,
  insertIntoFolder,
  refreshSearches,
  removeFromLists,
} from './list-cache.ts';
import { mediaQuery } from './item.queries.ts';

/** Changes of more items than this at once are followed by loading the head of the folder. */
const MANY = 8;

/** Shows what other tabs of this browser did to items, until the returned function is called. */
export const followTabs = (client: QueryClient, report: (thrown: unknown) => void): (() => void) =>
  hearTabs((news) => {
    if (news.is !== 'items') return;
    const { ids } = news;
    if (ids.length > MANY) {
      freshenFolder(client).catch(report);
      refreshSearches(client);
    } else for (const id of ids) bring(client, id).catch(report);
  });

/** Loads an item anew and shows it as it is now, wherever it is shown. */
async function bring(client: QueryClient, id: string): Promise<void> {
  try {
    const item = await client.fetchQuery({ ...mediaQuery(client, id), staleTime: 0 });
    if (item.deletedAt === null && !findInLists(client, id)) insertIntoFolder(client, item);
  } catch (thrown) {
    if (toApiError(thrown).code !== 'not_found') throw thrown;
    removeFromLists(client, id);
  }
}
