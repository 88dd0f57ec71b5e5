/** Processor time one picture may take in all its passes, milliseconds. */
const MAX_CPU_MS = 9_000;

/** How much work is left for a picture. */
export interface Budget {
  /** Whether the optional rest should be left out. What has been read so far is answered. */
  isSpent(): boolean;
}

/**
 * A budget in processor time of this process, all threads: on a busy machine a read may take longer by the clock
 * without losing words.
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
