/** Processor time for all passes over one picture, milliseconds. */
const MAX_CPU_MS = 9_000;

/** Tracks the processor time left for one picture. */
export interface Budget {
  /**
   * Tells whether the limit is reached. The caller then skips optional passes and returns its
   * result so far.
   */
  isSpent(): boolean;
}

/**
 * Starts a budget of processor time.
 *
 * The budget counts all threads of this process. Wall-clock time would lose words on a busy
 * machine.
 *
 * @param limitMs - limit in milliseconds
 */
export function createBudget(limitMs: number = MAX_CPU_MS): Budget {
  const start = process.cpuUsage();
  return {
    isSpent() {
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1000 >= limitMs;
    },
  };
}
