/** Lets at most `capacity` units of work run at once; the rest wait their turn, first come first served. */
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

  return {
    /** Runs `work` holding `weight` units, at most the whole capacity, so that nothing is too heavy to ever run. */
    async run<T>(weight: number, work: () => Promise<T>): Promise<T> {
      const held = Math.min(weight, capacity);
      await new Promise<void>((go) => {
        waiting.push({ weight: held, go });
        admit();
      });
      try {
        return await work();
      } finally {
        free += held;
        admit();
      }
    },
  };
}

export type Semaphore = ReturnType<typeof createSemaphore>;
