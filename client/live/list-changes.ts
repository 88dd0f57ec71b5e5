import { replaceEqualDeep } from '@tanstack/solid-query';
import type { MediaList, MediaListItem } from '../../app/media/media.schema.ts';
import { isNewer, mapPages, type Pages } from '../library/list-pages.ts';

/** Differences between a loaded list and its newly loaded first page. */
export interface ListChanges {
  head: MediaList;
  /** Items that the list has not loaded, in the order of the first page. */
  added: readonly MediaListItem[];
  /** Ids of loaded items that have left the list. */
  removed: readonly string[];
  /** Whether the first page takes the place of the whole list: it has none of the loaded items. */
  isFar: boolean;
  /** Whether the loaded items have another order on the server, if the order is that of people. */
  isReordered: boolean;
}

const itemsById = (pages: Pages): Map<string, MediaListItem> =>
  new Map(pages.pages.flatMap(({ items }) => items.map((item) => [item.id, item] as const)));

/**
 * Returns whether a newly loaded page shows that a loaded item has left the list. A page in the
 * order of time lists all items of its range, the last page all that follow.
 */
export function absentFrom(page: MediaList, byTime: boolean): (item: MediaListItem) => boolean {
  const listed = new Set(page.items.map(({ id }) => id));
  const last = page.items.at(-1);
  return (item) =>
    !listed.has(item.id) &&
    (page.nextCursor === null || (byTime && last !== undefined && isNewer(item, last)));
}

/**
 * Compares a list with its newly loaded first page. Changes that this page itself made during the
 * request stay.
 *
 * @param before the list at the time of the request
 * @param now the list at the time of the answer
 * @param byTime whether the list is ordered by time: an item missing in the range of `head` is gone
 */
export function compareHead(before: Pages, now: Pages, head: MediaList, byTime: boolean): ListChanges {
  const [old, loaded] = [itemsById(before), itemsById(now)];
  const isAbsent = absentFrom(head, byTime);
  return {
    head,
    added: head.items.filter(({ id }) => !old.has(id) && !loaded.has(id)),
    removed: [...loaded.values()].filter((item) => old.has(item.id) && isAbsent(item)).map(({ id }) => id),
    isFar: head.nextCursor !== null && loaded.size > 0 && !head.items.some(({ id }) => loaded.has(id)),
    isReordered: false,
  };
}

/**
 * Compares the order of a list with that of its newly loaded first page. If people have ordered it
 * anew since, the page takes the place of the list. Changes that this page itself made during the
 * request stay.
 */
export function withOrder(before: Pages, now: Pages, changes: ListChanges): ListChanges {
  const ids = idsOf(now);
  if (ids.join() !== idsOf(before).join()) return changes;
  const [loaded, gone] = [new Set(ids), new Set(changes.removed)];
  const listed = changes.head.items.map(({ id }) => id).filter((id) => loaded.has(id));
  const start = ids.slice(0, ids.indexOf(listed.at(-1) ?? '') + 1).filter((id) => !gone.has(id));
  const isReordered = listed.join() !== start.join();
  return isReordered ? { ...changes, isFar: true, isReordered } : changes;
}

const idsOf = (pages: Pages) => pages.pages.flatMap(({ items }) => items.map(({ id }) => id));

/**
 * Updates the loaded items from a newly loaded page. Nothing is added, removed or moved. Items that
 * this page itself changed since `before` stay.
 *
 * @param mayShow whether an item's new data may show now
 */
export function withUpdates(
  before: Pages,
  now: Pages,
  answer: MediaList,
  mayShow: (item: MediaListItem, next: MediaListItem) => boolean,
): Pages {
  const old = itemsById(before);
  const fresh = new Map(answer.items.map((item) => [item.id, item]));
  const updated = (item: MediaListItem): MediaListItem => {
    const next = fresh.get(item.id);
    if (!next || old.get(item.id) !== item) return item;
    const same = replaceEqualDeep(item, next);
    return same === item || !mayShow(item, next) ? item : same;
  };
  const next = mapPages(now, (items) => {
    const all = items.map(updated);
    return all.every((item, at) => item === items[at]) ? items : all;
  });
  return next.pages.every((page, at) => page === now.pages[at]) ? now : next;
}

/** Sets the number of results and the correction from a newly loaded first page. */
export function withHeadFacts(pages: Pages, { total, corrected }: MediaList): Pages {
  const [first, ...others] = pages.pages;
  if (!first) return pages;
  const next = replaceEqualDeep(first, { ...first, total, corrected });
  return next === first ? pages : { ...pages, pages: [next, ...others] };
}

/** Removes items and shows the new ones of a first page at their places. */
export function withChanges(
  pages: Pages,
  { head, added, removed, isFar }: ListChanges,
  byTime: boolean,
): Pages {
  if (isFar || pages.pages.length === 0) return { pages: [head], pageParams: [''] };
  const loaded = itemsById(pages);
  const news = new Map(added.map((item) => [item.id, item]));
  const listed = head.items.flatMap(({ id }) => loaded.get(id) ?? news.get(id) ?? []);
  const top = new Set(listed.map(({ id }) => id));
  const gone = new Set(removed);
  const rest = mapPages(pages, (items) => items.filter(({ id }) => !top.has(id) && !gone.has(id)));
  const [first, ...others] = rest.pages;
  if (!first) return pages;
  const items = [...listed, ...first.items];
  // An item that this page added during the request may be newer than the first page.
  if (byTime) items.sort((a, b) => (isNewer(a, b) ? -1 : 1));
  const { total, corrected } = head;
  const next = { ...first, total, corrected, items };
  return head.nextCursor === null && others.every((page) => page.items.length === 0)
    ? { pages: [{ ...next, nextCursor: null }], pageParams: [''] }
    : { ...rest, pages: [next, ...others] };
}
