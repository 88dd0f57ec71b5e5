import type { QueryClient } from '@tanstack/solid-query';
import { postToTabs } from '../api/broadcast.ts';
import { itemQuery } from '../library/item.queries.ts';
import { findInLists } from '../library/list-cache.ts';

/** Time between two looks, and their number: a job changes addresses within a minute. */
const LOOK_MS = 2000;
const MAX_LOOKS = 30;

/**
 * Waits until items have their new file addresses, and shows them everywhere, also in other tabs.
 * Gives up after a minute: the next visit then loads them.
 */
export async function followNewAddresses(client: QueryClient, ids: readonly string[]): Promise<void> {
  const before = new Map(ids.map((id) => [id, addressOf(client, id)]));
  for (let looks = 0; looks < MAX_LOOKS && before.size > 0; looks++) {
    await new Promise((next) => setTimeout(next, LOOK_MS));
    for (const [id, old] of before) {
      const item = await client.fetchQuery({ ...itemQuery(client, id), staleTime: 0 });
      if (item.url === old) continue;
      before.delete(id);
      postToTabs({ is: 'items', ids: [id] });
    }
  }
}

const addressOf = (client: QueryClient, id: string): string | undefined =>
  client.getQueryData(itemQuery(client, id).queryKey)?.url ?? findInLists(client, id)?.url;
