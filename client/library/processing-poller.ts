/** State of an item: its text is still being read, or processing has finished. */
type Answer = 'reading' | 'settled';

/** First and longest poll interval, in milliseconds. The interval grows while nothing changes. */
const MIN_POLL_MS = 1500;
const MAX_POLL_MS = 12_000;
/** Items requested per round; the others wait for the next one. */
const MAX_PARALLEL_REQUESTS = 4;

/**
 * Polls items that are being processed, a few at a time. The interval grows while nothing changes,
 * until each item has finished.
 *
 * @param ask loads an item; a rejection keeps it in the queue, because the network may return
 * @param idle whether the page is hidden, so that polling can wait
 */
export function createProcessingPoller(ask: (id: string) => Promise<Answer>, idle: () => boolean) {
  const watched = new Map<string, number>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pause = MIN_POLL_MS;

  const schedule = () => {
    if (watched.size > 0) timer ??= setTimeout(() => void round(), pause);
  };

  async function round(): Promise<void> {
    const turn = idle() ? [] : [...watched.keys()].slice(0, MAX_PARALLEL_REQUESTS);
    const answers = await Promise.allSettled(turn.map((id) => ask(id)));
    let settled = false;
    for (const [index, id] of turn.entries()) {
      const count = watched.get(id);
      const answer = answers[index];
      if (count === undefined) continue;
      watched.delete(id);
      if (answer?.status === 'fulfilled' && answer.value === 'settled') settled = true;
      else watched.set(id, count); // moves to the end of the queue
    }
    pause = settled ? MIN_POLL_MS : Math.min(pause * 1.3, MAX_POLL_MS);
    timer = undefined;
    schedule();
  }

  return {
    /**
     * Polls an item until it has finished or the returned function is called. Several callers may
     * watch one item.
     */
    watch(id: string): () => void {
      watched.set(id, (watched.get(id) ?? 0) + 1);
      pause = MIN_POLL_MS;
      schedule();
      return () => {
        const count = watched.get(id);
        if (count === undefined) return;
        if (count > 1) watched.set(id, count - 1);
        else watched.delete(id);
      };
    },
    stop(): void {
      clearTimeout(timer);
      watched.clear();
    },
  };
}
