import type { InfiniteData } from '@tanstack/solid-query';
import type { MediaItem, MediaList, MediaListItem } from '../../app/media/media.schema.ts';

/** The loaded pages of one list. Every function here gives the same object when nothing changes, so nothing renders. */
export type Pages = InfiniteData<MediaList, string>;

/** A whole item as lists hold it. */
export function toListItem(item: MediaItem): MediaListItem {
  const { text: _, ...rest } = item;
  return { ...rest, match: null };
}

/** Ids are UUID v7, so the order of ids is the order of time within a millisecond. */
const isNewer = (a: MediaListItem, b: MediaListItem) =>
  a.createdAt === b.createdAt ? a.id > b.id : a.createdAt > b.createdAt;

const has = (pages: Pages, id: string) =>
  pages.pages.some((page) => page.items.some((item) => item.id === id));

/** With other items on its pages; a page whose items stay the same object stays too. */
export function mapPages(pages: Pages, change: (items: MediaListItem[]) => MediaListItem[]): Pages {
  return {
    ...pages,
    pages: pages.pages.map((page) => {
      const items = change(page.items);
      return items === page.items ? page : { ...page, items };
    }),
  };
}

/** Without some items. */
export function withoutItems(pages: Pages, ids: ReadonlySet<string>): Pages {
  const some = (items: readonly MediaListItem[]) => items.some(({ id }) => ids.has(id));
  return pages.pages.some(({ items }) => some(items))
    ? mapPages(pages, (items) => (some(items) ? items.filter(({ id }) => !ids.has(id)) : items))
    : pages;
}

/** With an item's facts brought up to date; what a search found in it stays. */
export function withUpdated(pages: Pages, next: MediaItem): Pages {
  if (!has(pages, next.id)) return pages;
  const listed = toListItem(next);
  return mapPages(pages, (items) =>
    items.some((item) => item.id === next.id)
      ? items.map((item) => (item.id === next.id ? { ...listed, match: item.match } : item))
      : items,
  );
}

/**
 * The folder's pages (newest first) with an item in its place. One that belongs behind the last loaded page is left
 * out: it comes with the page it belongs to.
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

/**
 * Brought up to date with a newly loaded first page: what it has is added or replaced, and what lies within its reach
 * but is not in it has been deleted meanwhile. Null when the two do not meet, that is, when more than a page has been
 * added since: then the list has to be loaded anew.
 */
export function withHead(pages: Pages, head: MediaList): Pages | null {
  const last = head.items.at(-1);
  if (!last || head.nextCursor === null) return { pages: [head], pageParams: [''] };
  if (!head.items.some((item) => has(pages, item.id))) return null;
  const fresh = new Set(head.items.map((item) => item.id));
  const older = mapPages(pages, (items) =>
    items.filter((item) => !fresh.has(item.id) && isNewer(last, item)),
  );
  const [first, ...others] = older.pages;
  if (!first) return null;
  return { ...older, pages: [{ ...first, items: [...head.items, ...first.items] }, ...others] };
}
