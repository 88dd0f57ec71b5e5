import { replaceEqualDeep, type InfiniteData } from '@tanstack/solid-query';
import type { MediaItem, MediaList, MediaListItem } from '../../app/media/media.schema.ts';

/**
 * The loaded pages of one list. Every function here returns the same object if nothing changes, so
 * that nothing renders.
 */
export type Pages = InfiniteData<MediaList, string>;

/** Converts a whole item to a list item. */
export function toListItem(item: MediaItem): MediaListItem {
  const { text: _, ...rest } = item;
  return { ...rest, match: null };
}

/** Compares by id within a millisecond: ids are UUID v7, so their order is the order of time. */
export const isNewer = (a: MediaListItem, b: MediaListItem) =>
  a.createdAt === b.createdAt ? a.id > b.id : a.createdAt > b.createdAt;

const has = (pages: Pages, id: string) =>
  pages.pages.some((page) => page.items.some((item) => item.id === id));

/** Maps the items of every page. A page with unchanged items stays the same object. */
export function mapPages(pages: Pages, change: (items: MediaListItem[]) => MediaListItem[]): Pages {
  return {
    ...pages,
    pages: pages.pages.map((page) => {
      const items = change(page.items);
      return items === page.items ? page : { ...page, items };
    }),
  };
}

/** Removes items. */
export function withoutItems(pages: Pages, ids: ReadonlySet<string>): Pages {
  const some = (items: readonly MediaListItem[]) => items.some(({ id }) => ids.has(id));
  return pages.pages.some(({ items }) => some(items))
    ? mapPages(pages, (items) => (some(items) ? items.filter(({ id }) => !ids.has(id)) : items))
    : pages;
}

/** Updates an item's data and keeps its search match. */
export function withUpdated(pages: Pages, next: MediaItem): Pages {
  if (!has(pages, next.id)) return pages;
  const listed = toListItem(next);
  return mapPages(pages, (items) =>
    items.some((item) => item.id === next.id)
      ? items.map((item) => (item.id === next.id ? { ...listed, match: item.match } : item))
      : items,
  );
}

/** The favourites of an item: everybody's number, and the user's own choice. */
export type Favourites = Pick<MediaListItem, 'favourites' | 'favourite'>;

/** Updates the favourites of items. */
export function withFavourites(pages: Pages, changes: ReadonlyMap<string, Favourites>): Pages {
  return mapPages(pages, (items) =>
    items.some(({ id }) => changes.has(id))
      ? items.map((item) => {
          const { favourites, favourite } = changes.get(item.id) ?? item;
          return { ...item, favourites, favourite };
        })
      : items,
  );
}

/**
 * Inserts an item into the library's pages (newest first). An item behind the last loaded page is
 * skipped, because it arrives with its own page.
 */
export function withInserted(pages: Pages, item: MediaListItem): Pages {
  if (has(pages, item.id)) return pages;
  const index = pages.pages.findIndex((page) => page.items.some((other) => isNewer(item, other)));
  const target = index === -1 ? pages.pages.length - 1 : index;
  if (index === -1 && pages.pages.at(-1)?.nextCursor) return pages;
  return {
    ...pages,
    pages: pages.pages.map((page, at) => {
      if (at !== target) return page;
      const place = page.items.findIndex((other) => isNewer(item, other));
      return { ...page, items: page.items.toSpliced(place === -1 ? page.items.length : place, 0, item) };
    }),
  };
}

const isPages = (data: unknown): data is Pages =>
  typeof data === 'object' && data !== null && 'pages' in data && 'pageParams' in data;

/**
 * Merges a query's answer into the loaded pages. A request for the next page answers with the pages
 * as they were at its start. Changes since then, such as a deletion, are in `current` and stay.
 */
export function withAnswer(current: unknown, answer: unknown): unknown {
  if (!isPages(current) || !isPages(answer)) return answer;
  const added = answer.pages.length - current.pages.length;
  const isNextPage = added > 0 && current.pageParams.every((param, at) => param === answer.pageParams[at]);
  const last = answer.pages.at(-1);
  if (!isNextPage || !last) return replaceEqualDeep(current, answer);
  // With more than one page missing, `current` was loaded anew, and its next page is another one.
  return added > 1 ? current : { pages: [...current.pages, last], pageParams: answer.pageParams };
}
