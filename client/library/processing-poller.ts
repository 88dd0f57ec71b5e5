/** State of an item: its text is still being read, or processing has finished. */
type Answer = 'reading' | 'settled';

/** First and longest poll interval, in milliseconds. The interval grows while nothing changes. */
const MIN_POLL_MS = 1500;
const MAX_POLL_MS = 12_000;
/** Items requested per round; the others wait for the next one. */
const MAX_PARALLEL_REQUESTS = 4;

interface Watched {
  /** Number of callers that watch the item. */
  watchers: number;
  /** Number of those that show the item alone. */
  urgent: number;
}

/**
 * Polls items that are being processed, a few at a time. The interval grows while nothing changes,
 * until each item has finished. Urgent items come first in every round, at the first interval.
 *
 * @param ask loads an item; a rejection keeps it in the queue, because the network may return
 * @param idle whether polling can wait: the page is hidden, or events tell of changes
 */
export function createProcessingPoller(ask: (id: string) => Promise<Answer>, idle: () => boolean) {
  const watched = new Map<string, Watched>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pause = MIN_POLL_MS;

  const schedule = () => {
    if (watched.size > 0) timer ??= setTimeout(() => void round(), pause);
  };

  async function round(): Promise<void> {
    const isUrgent = (id: string) => (watched.get(id)?.urgent ?? 0) > 0;
    const queue = idle() ? [] : [...watched.keys()];
    const turn = [...queue.filter(isUrgent), ...queue.filter((id) => !isUrgent(id))].slice(
      0,
      MAX_PARALLEL_REQUESTS,
    );
    const answers = await Promise.allSettled(turn.map((id) => ask(id)));
    let settled = false;
    for (const [index, id] of turn.entries()) {
      const entry = watched.get(id);
      const answer = answers[index];
      if (entry === undefined) continue;
      watched.delete(id);
      if (answer?.status === 'fulfilled' && answer.value === 'settled') settled = true;
      else watched.set(id, entry); // moves to the end of the queue
    }
    const soon = settled || [...watched.keys()].some(isUrgent);
    pause = soon ? MIN_POLL_MS : Math.min(pause * 1.3, MAX_POLL_MS);
    timer = undefined;
    schedule();
  }

  return {
    /**
     * Polls an item until it has finished or the returned function is called. Several callers may
     * watch one item.
     *
     * @param urgent whether the user waits for this very item
     */
    watch(id: string, urgent = false): () => void {
      const entry = watched.get(id) ?? { watchers: 0, urgent: 0 };
      const change = (by: 1 | -1) => {
        entry.watchers += by;
        if (urgent) entry.urgent += by;
      };
      change(1);
      watched.set(id, entry);
      pause = MIN_POLL_MS;
      schedule();
      return () => {
        change(-1);
        if (entry.watchers === 0 && watched.get(id) === entry) watched.delete(id);
      };
    },
    stop(): void {
      clearTimeout(timer);
      watched.clear();
    },
  };
}
