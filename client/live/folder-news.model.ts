import type { QueryClient } from '@tanstack/solid-query';
import { createEffect, createMemo, createSignal, on, onCleanup, type Accessor } from 'solid-js';
import type { MediaListItem } from '../../app/media/media.schema.ts';
import { captionLines } from '../grid/grid.model.ts';
import { withoutItems, type Pages } from '../library/list-pages.ts';
import { listQuery } from '../library/list.queries.ts';
import { withChanges, type ListChanges } from './list-changes.ts';
import { isByTime, refreshList } from './list-refresh.ts';
import type { pendingNews } from './pending-news.ts';
import { createRefreshQueue } from './refresh-queue.ts';

/** Time after which a failed refresh is tried again, in milliseconds. */
const RETRY_MS = 30_000;

/** Describes how a user uses the folder. */
export interface FolderUse {
  /** Ids of the tiles on the screen. */
  onScreen: () => ReadonlySet<string>;
  /** Whether new items at the top may move the tiles. */
  mayMove: Accessor<boolean>;
  /** Whether tiles must stay because some are selected or pressed. */
  isSelecting: () => boolean;
  /** Id of the item in the viewer, which covers the folder. */
  viewed: Accessor<string | null>;
}

interface FolderNewsProps {
  client: QueryClient;
  q: Accessor<string>;
  items: Accessor<readonly MediaListItem[]>;
  use: FolderUse;
  pending: typeof pendingNews;
  /** Whether this page itself is adding an item, so that its answer brings it. */
  isOwnUpload: (item: MediaListItem) => boolean;
  /** Whether the page is hidden. */
  isHidden: () => boolean;
  /** Whether the list for `q` is loaded. */
  isLoaded: Accessor<boolean>;
}

/** Changes that wait until the tiles may move, and the query of their list. */
interface HeldChanges {
  q: string;
  changes: ListChanges;
}

/** Whether new data of an item moves the tiles below it. */
const moves = (a: MediaListItem, b: MediaListItem) =>
  captionLines(a) !== captionLines(b) || a.width * b.height !== a.height * b.width;

/**
 * Brings the list on screen up to date. It holds back changes that would move the tiles on screen.
 * These are new items away from the top, and changes above the screen.
 */
export function createFolderNews(props: FolderNewsProps) {
  const { client, q, items, use, pending } = props;
  const [held, setHeld] = createSignal<HeldChanges | null>(null);
  const position = createMemo(() => new Map(items().map(({ id }, at) => [id, at])));
  /** Ids of items that left the list by an action of this page, until the server tells of them. */
  const left = new Set<string>();
  /** Ids of items that left the list because the server told of it. */
  const gone = new Set<string>();

  const read = (list: string) => client.getQueryData<Pages>(listQuery(list).queryKey);
  const write = (list: string, pages: Pages, removed: readonly string[]) => {
    for (const id of removed) gone.add(id);
    client.setQueryData<Pages>(listQuery(list).queryKey, pages);
  };

  createEffect(
    on([q, items], ([list, now], before) => {
      if (!before || before[0] !== list || now.length >= before[1].length) return;
      for (const { id } of before[1]) if (!position().has(id) && !gone.delete(id)) left.add(id);
    }),
  );

  /** Returns whether a tile may leave now, or change its height. */
  function createGuard(): (id: string) => boolean {
    const free = use.mayMove();
    const fixed = use.isSelecting();
    const shown = [...use.onScreen()].flatMap((id) => position().get(id) ?? []);
    const first = Math.min(...shown, Infinity);
    return (id) => {
      if (free) return true;
      const at = position().get(id);
      return !fixed && use.viewed() !== id && (at === undefined || at >= first);
    };
  }

  let retry: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(retry));

  async function refresh(): Promise<void> {
    const list = q();
    if (props.isHidden() || !read(list)) return;
    const news = pending.take(list);
    if (news.length === 0) return;
    if (news !== 'all') for (const id of news) left.delete(id);
    const mayShow = (item: MediaListItem, next: MediaListItem) =>
      !moves(item, next) || createGuard()(item.id);
    try {
      const changes = await refreshList({ client, q: list, news, onScreen: use.onScreen(), mayShow });
      if (changes && q() === list) take(list, changes);
    } catch {
      // The request has told the page what failed. The next try loads the same.
      pending.keep(list, news);
      clearTimeout(retry);
      retry = setTimeout(request, RETRY_MS);
    }
  }

  function take(list: string, changes: ListChanges): void {
    const listed = new Set(changes.head.items.map(({ id }) => id));
    for (const id of left) if (!listed.has(id)) left.delete(id);
    const added = changes.added.filter(({ id }) => !left.has(id));
    const mayLeave = createGuard();
    const before = held();
    const leaving = [...changes.removed, ...(before?.q === list ? before.changes.removed : [])];
    const later = new Set(leaving.filter((id) => !listed.has(id) && !mayLeave(id)));
    const removed = leaving.filter((id) => !listed.has(id) && !later.has(id));
    const now = read(list);
    if (now && removed.length > 0) write(list, withoutItems(now, new Set(removed)), removed);
    const waits = added.length > 0 || later.size > 0 || changes.isReordered;
    setHeld(waits ? { q: list, changes: { ...changes, added, removed: [...later] } } : null);
  }

  /** Shows what is held back. */
  async function show(): Promise<void> {
    const now = held();
    if (!now || now.q !== q()) return;
    setHeld(null);
    const { q: list, changes } = now;
    // A request for the next page of the old list would continue the new one.
    if (changes.isFar) await client.cancelQueries({ queryKey: listQuery(list).queryKey });
    const pages = read(list);
    const byTime = isByTime(list, changes.head.items);
    if (pages) write(list, withChanges(pages, changes, byTime), changes.removed);
  }

  const queue = createRefreshQueue(refresh);
  const request = () => {
    if (pending.has(q())) queue.request();
  };
  onCleanup(pending.subscribe(request));
  onCleanup(() => queue.stop());
  createEffect(
    on(q, () => {
      setHeld(null);
      left.clear();
      request();
    }),
  );
  createEffect(on(props.isLoaded, request, { defer: true }));
  createEffect(() => {
    if (held() && use.mayMove()) void show();
  });

  /** New items that wait to be shown. */
  const waiting = createMemo((): readonly MediaListItem[] => {
    const now = held();
    if (!now || now.q !== q()) return [];
    return now.changes.added.filter((item) => !position().has(item.id) && !props.isOwnUpload(item));
  });

  return {
    waiting,
    /** Whether more items wait than the first page lists. */
    isMany: () => held()?.changes.isFar ?? false,
    show,
    /** Takes in the news that came while the page was hidden. */
    request,
  };
}
