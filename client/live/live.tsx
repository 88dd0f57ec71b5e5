import { useQueryClient, type QueryClient } from '@tanstack/solid-query';
import { createEffect, createMemo, onCleanup } from 'solid-js';
import { onTabMessage } from '../api/broadcast.ts';
import { useQuery } from '../api/query-observer.ts';
import { onServerBack } from '../api/server-status.ts';
import { meQuery } from '../auth/session.queries.ts';
import { listKey } from '../library/list.queries.ts';
import { OfflineCopy } from '../library/offline-copy.tsx';
import { refreshItems } from './item-refresh.ts';
import { createLiveConnection } from './live-connection.ts';
import { joinNews, type News } from './news.ts';
import { pendingNews } from './pending-news.ts';
import { createRefreshQueue } from './refresh-queue.ts';
import { streamStatus } from './stream-status.ts';

/**
 * Follows what other users, devices and tabs change, while a user is signed in. It renders nothing:
 * `LiveFolder` shows it.
 */
export function Live() {
  const client = useQueryClient();
  const me = useQuery(() => meQuery);
  const isSignedIn = createMemo(() => Boolean(me.data?.user));
  createEffect(() => {
    if (isSignedIn()) onCleanup(follow(client));
  });
  return <OfflineCopy />;
}

/** Names of the cached data, besides lists, that items are part of. */
const DERIVED = new Set<unknown>(['tags', 'people', 'collections', 'days', 'duplicates']);

/** Starts to follow changes. Returns a function that ends it. */
function follow(client: QueryClient): () => void {
  let due: News = [];
  const queue = createRefreshQueue(async () => {
    const news = due;
    due = [];
    await client.invalidateQueries({ predicate: ({ queryKey }) => DERIVED.has(queryKey[0]) });
    // A failure has told the page that the server is away. Its return brings the rest.
    await refreshItems(client, news).catch(() => undefined);
  });
  const onNews = (news: News) => {
    due = joinNews(due, news);
    queue.request();
    const lists = client.getQueryCache().findAll({ queryKey: listKey });
    pendingNews.add(
      lists.map(({ queryKey }) => String(queryKey[2])),
      news,
    );
  };
  const connection = createLiveConnection({
    page: { document, window },
    share: {
      locks: 'locks' in navigator ? navigator.locks : undefined,
      openChannel: 'BroadcastChannel' in globalThis ? (name) => new BroadcastChannel(name) : undefined,
    },
    openStream: () => new EventSource('/api/events'),
    onNews,
    onUp: (up) => {
      streamStatus.up = up;
    },
    // An answer that the session has ended asks to sign in again.
    onFailure: () => void client.invalidateQueries(meQuery),
  });
  const ends = [
    onServerBack(() => {
      connection.restart();
      void client.invalidateQueries({ predicate: ({ state }) => state.status === 'error' });
    }),
    onTabMessage((message) => {
      if (message.is === 'items') onNews(message.ids);
      else if (message.is === 'changed') onNews('all');
    }),
    () => connection.stop(),
    () => queue.stop(),
    () => {
      streamStatus.up = false;
    },
  ];
  return () => ends.forEach((end) => end());
}
