import { MAX_EVENT_IDS } from './events.limits.ts';

/**
 * The next message of a stream. `all`: more changed than an event lists, so that a client reloads.
 */
export type News = { is: 'items'; ids: string[]; at: string } | { is: 'all'; at: string };

/**
 * The unsent changes of one stream. Changes that come while the client is slow are merged, so that
 * a subscription never holds more than {@link MAX_EVENT_IDS} ids.
 */
export function createSubscription() {
  let ids = new Set<string>();
  let all = false;
  let at: string | null = null;
  let ended = false;
  let wake = () => {};

  return {
    /** @param snapshot the database snapshot that sees these changes */
    push(changed: readonly string[], many: boolean, snapshot: string): void {
      if (changed.length === 0 && !many) return;
      at = snapshot;
      for (const id of changed) if (!all) ids.add(id);
      all ||= many || ids.size > MAX_EVENT_IDS;
      if (all) ids.clear();
      wake();
    },
    end(): void {
      ended = true;
      wake();
    },
    isEnded: () => ended,
    /** Waits for news up to `timeoutMs`; `null` after that time and after the end. */
    async next(timeoutMs: number): Promise<News | null> {
      if (at === null && !ended)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, timeoutMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      if (at === null || ended) return null;
      const news: News = all ? { is: 'all', at } : { is: 'items', ids: [...ids], at };
      ids = new Set();
      all = false;
      at = null;
      return news;
    },
  };
}

export type Subscription = ReturnType<typeof createSubscription>;
