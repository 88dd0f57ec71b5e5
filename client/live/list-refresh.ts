import type { QueryClient } from '@tanstack/solid-query';
import type { MediaList, MediaListItem } from '../../app/media/media.schema.ts';
import { isMoving } from '../collections/moves.ts';
import { findInLists } from '../library/list-cache.ts';
import { isNewer, toListItem, type Pages } from '../library/list-pages.ts';
import { fetchPage, listQuery } from '../library/list.queries.ts';
import { collectionOf, hasFilter, splitQuery, TRASH } from '../library/query-filters.ts';
import { loadItem, patience } from './item-refresh.ts';
import {
  absentFrom,
  compareHead,
  withHeadFacts,
  withOrder,
  withUpdates,
  type ListChanges,
} from './list-changes.ts';
import type { News } from './news.ts';

/** Maximum number of items that one refresh loads one by one. More are loaded by their pages. */
const MAX_ITEM_RELOADS = 8;
/** Maximum number of pages that one refresh loads, besides the first. */
const MAX_PAGE_RELOADS = 5;

export interface ListRefreshProps {
  client: QueryClient;
  q: string;
  news: News;
  /** Ids of the tiles on the screen: these are brought up to date first. */
  onScreen: ReadonlySet<string>;
  /** Whether an item's new data may show now. */
  mayShow: (item: MediaListItem, next: MediaListItem) => boolean;
}

/**
 * Whether a list and this page of it have the newest items first. Words rank by relevance, and
 * people order collections.
 */
export const isByTime = (q: string, items: readonly MediaListItem[]): boolean =>
  splitQuery(q).words === '' &&
  collectionOf(q) === null &&
  !hasFilter(q, TRASH) &&
  items.every((item, at) => at === 0 || isNewer(items[at - 1] ?? item, item));

/**
 * Brings the loaded items of a list up to date. It takes one request for the first page, and few
 * for changed items behind it. It adds and removes nothing, but returns what the caller may. The
 * result is `null` if the list is not loaded.
 */
export async function refreshList(props: ListRefreshProps): Promise<ListChanges | null> {
  const { client, q, mayShow } = props;
  const { queryKey } = listQuery(q);
  const read = () => client.getQueryData<Pages>(queryKey);
  const before = read();
  if (!before) return null;
  const head = await fetchPage(q, '', patience());
  const now = read();
  if (!now) return null;
  const compared = compareHead(before, now, head, isByTime(q, head.items));
  const changes = collectionOf(q) === null || isMoving() ? compared : withOrder(before, now, compared);
  const updated = withHeadFacts(withUpdates(before, now, head, mayShow), head);
  if (updated !== now) client.setQueryData<Pages>(queryKey, updated);

  const settled = new Set([...head.items.map(({ id }) => id), ...changes.removed]);
  // When anything may have changed, only what is on the screen is reloaded.
  const due = props.news === 'all' ? props.onScreen : new Set(props.news);
  const behind = loadedIds(updated).filter((id) => !settled.has(id) && due.has(id));
  const gone =
    behind.length > MAX_ITEM_RELOADS
      ? await reloadPages(props, new Set(behind))
      : await reloadItems(props, behind);
  return gone.length > 0 ? { ...changes, removed: [...changes.removed, ...gone] } : changes;
}

const EMPTY: MediaList = { items: [], nextCursor: null, total: null, corrected: null };

const loadedIds = (pages: Pages): string[] => pages.pages.flatMap(({ items }) => items.map(({ id }) => id));

/** Reloads items one by one. Returns the ids of those that have left the list. */
async function reloadItems(
  { client, q, mayShow }: ListRefreshProps,
  ids: readonly string[],
): Promise<string[]> {
  const { queryKey } = listQuery(q);
  const gone: string[] = [];
  const reload = async (id: string) => {
    const before = client.getQueryData<Pages>(queryKey);
    const item = await loadItem(id);
    if (!item || (item.deletedAt === null) === hasFilter(q, TRASH)) {
      gone.push(id);
      return;
    }
    const match = findInLists(client, id)?.match ?? null;
    const answer: MediaList = { ...EMPTY, items: [{ ...toListItem(item), match }] };
    client.setQueryData<Pages>(queryKey, (now) => now && before && withUpdates(before, now, answer, mayShow));
  };
  await Promise.all(ids.map(reload));
  return gone;
}

/**
 * Reloads the pages that hold the items, those on screen first, one after the other. Returns the
 * ids of items that have left the list.
 */
async function reloadPages(
  { client, q, onScreen, mayShow }: ListRefreshProps,
  ids: ReadonlySet<string>,
): Promise<string[]> {
  const { queryKey } = listQuery(q);
  const start = client.getQueryData<Pages>(queryKey);
  const itemsAt = (at: number) => start?.pages[at]?.items ?? [];
  const has = (at: number, some: ReadonlySet<string>) => itemsAt(at).some(({ id }) => some.has(id));
  const due = (start?.pageParams ?? [])
    .map((cursor, at) => ({ cursor, at }))
    .filter(({ cursor, at }) => cursor !== '' && has(at, ids))
    .toSorted((a, b) => Number(has(b.at, onScreen)) - Number(has(a.at, onScreen)))
    .slice(0, MAX_PAGE_RELOADS);
  const gone: string[] = [];
  for (const { cursor, at } of due) {
    const before = client.getQueryData<Pages>(queryKey);
    const page = await fetchPage(q, cursor, patience());
    client.setQueryData<Pages>(queryKey, (now) => now && before && withUpdates(before, now, page, mayShow));
    const isAbsent = absentFrom(page, isByTime(q, page.items));
    for (const item of itemsAt(at)) if (ids.has(item.id) && isAbsent(item)) gone.push(item.id);
  }
  return gone;
}
