/** What asking about an item tells: whether its words are still being read. */
type Answer = 'reading' | 'settled';

/** Times in milliseconds: the first question, and the longest pause when nothing changes for long. */
const MIN_POLL_MS = 1500;
const MAX_POLL_MS = 12_000;
/** Items asked about in one round; the others wait for the next. */
const MAX_PARALLEL_REQUESTS = 4;

/**
 * Watches the items whose words are being read, few at a time and ever more slowly while nothing changes, until each has
 * settled.
 *
 * @param ask loads an item; a rejection leaves it watched, for the network may be back next time
 * @param idle whether nobody is looking, so that asking can wait
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
      else watched.set(id, count); // to the end of the line
    }
    pause = settled ? MIN_POLL_MS : Math.min(pause * 1.3, MAX_POLL_MS);
    timer = undefined;
    schedule();
  }

  return {
    /** Watches an item until it has settled or the returned function is called; several may watch the same. */
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
