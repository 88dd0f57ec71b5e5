import { joinNews, type News } from './news.ts';

/** News that loaded lists have not taken in yet, by the query of the list. */
export function createPendingNews() {
  const byList = new Map<string, News>();
  const listeners = new Set<() => void>();
  return {
    /** Adds news for lists, and tells the listeners. */
    add(lists: readonly string[], news: News): void {
      for (const q of lists) byList.set(q, joinNews(byList.get(q) ?? [], news));
      for (const listener of listeners) listener();
    },
    /** Keeps news for later, because a refresh failed. It tells nobody. */
    keep(q: string, news: News): void {
      byList.set(q, joinNews(byList.get(q) ?? [], news));
    },
    has: (q: string): boolean => byList.has(q),
    /** Takes the news of a list. */
    take(q: string): News {
      const news = byList.get(q) ?? [];
      byList.delete(q);
      return news;
    },
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** The news of this page. They outlive the folder's component. */
export const pendingNews = createPendingNews();
