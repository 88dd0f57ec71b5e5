import { queryOptions, type QueryClient } from '@tanstack/solid-query';
import { api, unwrap } from '../api/client.ts';
import { refreshSearches } from '../browse/list-cache.ts';
import { putItem } from '../media/media.queries.ts';

/** Tags that begin with a text or look like it. */
export const tagsQuery = (q: string) =>
  queryOptions({
    queryKey: ['tags', 'find', q],
    queryFn: ({ signal }) => unwrap(api.tags.$get({ query: { q, limit: '8' } }, { init: { signal } })),
    staleTime: 30_000,
  });

/** Tags an item may lack. */
export const relatedTagsQuery = (id: string, tags: readonly string[]) =>
  queryOptions({
    queryKey: ['tags', 'related', id, tags],
    queryFn: ({ signal }) => unwrap(api.tags.related[':id'].$get({ param: { id } }, { init: { signal } })),
    staleTime: 60_000,
  });

/** Gives an item exactly these tags. */
export async function putTags(client: QueryClient, id: string, tags: string[]): Promise<void> {
  putItem(client, await unwrap(api.media[':id'].tags.$put({ param: { id }, json: { tags } })));
  refreshSearches(client);
}
