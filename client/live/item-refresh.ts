import type { QueryClient } from '@tanstack/solid-query';
import type { MediaItem } from '../../app/media/media.schema.ts';
import { api, unwrap } from '../api/client.ts';
import { toApiError } from '../api/errors.ts';
import type { News } from './news.ts';

/** Longest wait for an answer, in milliseconds. A lost connection would hold up all later ones. */
const MAX_WAIT_MS = 60_000;

/** Ends a request that takes too long. */
export const patience = (): AbortSignal => AbortSignal.timeout(MAX_WAIT_MS);

/** Loads an item; `null` if it no longer exists for this user. */
export async function loadItem(id: string): Promise<MediaItem | null> {
  try {
    return await unwrap(api.media[':id'].$get({ param: { id } }, { init: { signal: patience() } }));
  } catch (thrown) {
    if (toApiError(thrown).code !== 'not_found') throw thrown;
    return null;
  }
}

/**
 * Loads the changed items that are shown alone, and marks the others as stale. An item that this
 * page itself changed during the request stays as it is. Another event follows.
 */
export async function refreshItems(client: QueryClient, news: News): Promise<void> {
  const changed = news === 'all' ? null : new Set<unknown>(news);
  const queries = client
    .getQueryCache()
    .findAll({ queryKey: ['media', 'item'] })
    .filter(({ queryKey: [, , id] }) => !changed || changed.has(id));
  for (const query of queries) {
    const { queryKey } = query;
    const before = query.state.data;
    if (!query.isActive()) query.invalidate();
    else {
      const item = await loadItem(String(queryKey[2]));
      if (client.getQueryData(queryKey) !== before) continue;
      if (item) client.setQueryData(queryKey, item);
      // Fails again, and so shows that the item is gone.
      else await client.resetQueries({ queryKey, exact: true });
    }
  }
}
