import type { QueryClient } from '@tanstack/solid-query';
import type { MediaListItem } from '../../app/media/media.schema.ts';
import { listKey } from './list.queries.ts';
import { mapPages, type Pages } from './list-pages.ts';

/** Adds and removes tags of items. Tags stay in the server's order. */
export function withTagChanges(
  pages: Pages,
  ids: ReadonlySet<string>,
  { add, remove }: { add: readonly string[]; remove: readonly string[] },
): Pages {
  const gone = new Set(remove.filter((name) => !add.includes(name)));
  const retagged = (item: MediaListItem): MediaListItem => ({
    ...item,
    tags: [...new Set([...item.tags.filter((name) => !gone.has(name)), ...add])].toSorted(),
  });
  return mapPages(pages, (items) =>
    items.some(({ id }) => ids.has(id))
      ? items.map((item) => (ids.has(item.id) ? retagged(item) : item))
      : items,
  );
}

/** Updates a tag change, in the server's spelling, in every list. */
export function updateTagsInLists(
  client: QueryClient,
  ids: ReadonlySet<string>,
  change: { add: readonly string[]; remove: readonly string[] },
): void {
  client.setQueriesData<Pages>({ queryKey: listKey }, (pages) => pages && withTagChanges(pages, ids, change));
}
