/**
 * Lets at most `capacity` units of work run at once. The rest wait, first come first served.
 *
 * @example
 * const decoding = createSemaphore(4);
 * await decoding.run(1, () => decode(path), signal);
 */
export function createSemaphore(capacity: number) {
  let free = capacity;
  const waiting: { weight: number; go: () => void }[] = [];

  function admit(): void {
    for (let next = waiting[0]; next && next.weight <= free; next = waiting[0]) {
      waiting.shift();
      free -= next.weight;
      next.go();
    }
  }

  function turn(weight: number, gone: AbortSignal | undefined): Promise<void> {
    return new Promise<void>((done, failed) => {
      if (gone?.aborted) throw reasonOf(gone);
      const leave = () => {
        waiting.splice(waiting.indexOf(entry), 1);
        failed(gone && reasonOf(gone));
        admit();
      };
      const entry = {
        weight,
        go() {
          gone?.removeEventListener('abort', leave);
          done();
        },
      };
      gone?.addEventListener('abort', leave, { once: true });
      waiting.push(entry);
      admit();
    });
  }

  return {
    /** Returns the number of free units. */
    free: () => free,

    /**
     * Runs `work` while holding `weight` units. A weight above the capacity counts as the capacity,
     * so that no work is too heavy to run.
     *
     * @param gone ends the wait, with its reason if that is an error, else with an `AbortError`
     */
    async run<T>(weight: number, work: () => Promise<T>, gone?: AbortSignal): Promise<T> {
      const held = Math.min(weight, capacity);
      await turn(held, gone);
      try {
        return await work();
      } finally {
        free += held;
        admit();
      }
    },
  };
}

const reasonOf = ({ reason }: AbortSignal): Error =>
  reason instanceof Error ? reason : new DOMException('Nobody waits for this any more.', 'AbortError');

export type Semaphore = ReturnType<typeof createSemaphore>;
