import { queryOptions, type QueryClient } from '@tanstack/solid-query';
import type { TagWithUses } from '../../app/tags/tags.schema.ts';
import { api, succeed, unwrap } from '../api/client.ts';
import { refetchSearches } from '../library/list-cache.ts';
import { putItem } from '../library/item.queries.ts';

/** Tags that start with a text or resemble it. */
export const tagsQuery = (q: string) =>
  queryOptions({
    queryKey: ['tags', 'find', q],
    queryFn: ({ signal }) => unwrap(api.tags.$get({ query: { q, limit: '8' } }, { init: { signal } })),
    staleTime: 30_000,
  });

/**
 * The most used tags up to a limit, or those that start with a text or resemble it.
 *
 * @param unused whether tags of no item are among them
 */
export const allTagsQuery = (q: string, limit: number, unused: boolean) =>
  queryOptions({
    queryKey: ['tags', 'all', q, limit, unused],
    queryFn: ({ signal }) =>
      unwrap(
        api.tags.$get({ query: { q, limit: String(limit), unused: String(unused) } }, { init: { signal } }),
      ),
    placeholderData: (before) => before,
    staleTime: 0,
  });

/** Users who have added at least one item. */
export const contributorsQuery = queryOptions({
  queryKey: ['people'],
  queryFn: ({ signal }) => unwrap(api.search.people.$get(undefined, { init: { signal } })),
});

/** Suggested tags for an item. */
export const relatedTagsQuery = (id: string, tags: readonly string[]) =>
  queryOptions({
    queryKey: ['tags', 'related', id, tags],
    queryFn: ({ signal }) => unwrap(api.tags.related[':id'].$get({ param: { id } }, { init: { signal } })),
    staleTime: 60_000,
  });

/** Replaces the tags of an item. */
export async function putTags(client: QueryClient, id: string, tags: string[]): Promise<void> {
  putItem(client, await unwrap(api.media[':id'].tags.$put({ param: { id }, json: { tags } })));
  refetchSearches(client);
}

/** Invalidates data that contains tags. It is refetched when next shown. */
async function invalidateTagged(client: QueryClient): Promise<void> {
  client.removeQueries({ queryKey: ['media'] });
  client.removeQueries({ queryKey: ['suggestions'] });
  await client.invalidateQueries({ queryKey: ['tags'] });
}

/** Renames a tag. Error: tag_taken (merge instead). */
export async function renameTag(client: QueryClient, tag: string, name: string): Promise<TagWithUses> {
  const done = await unwrap(api.tags[':name'].$patch({ param: { name: tag }, json: { name } }));
  await invalidateTagged(client);
  return done;
}

/** Merges `tag` into `into` on all items. Error: not_found. */
export async function mergeTag(client: QueryClient, tag: string, into: string): Promise<TagWithUses> {
  const done = await unwrap(api.tags[':name'].merge.$post({ param: { name: tag }, json: { into } }));
  await invalidateTagged(client);
  return done;
}

export async function deleteTag(client: QueryClient, tag: string): Promise<void> {
  await succeed(api.tags[':name'].$delete({ param: { name: tag } }));
  await invalidateTagged(client);
}
