/** Wait for further changes before the first refresh, in milliseconds: they come in bursts. */
const COALESCE_MS = 300;
/** Longest pause between two refreshes while changes go on, in milliseconds. */
const MAX_PAUSE_MS = 5000;

/**
 * Runs a refresh after changes, however many there are. One refresh runs at a time. The pause
 * between two of them grows while changes go on.
 *
 * @param refresh loads what has changed; it handles its own errors
 */
export function createRefreshQueue(refresh: () => Promise<void>) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running = false;
  let again = false;
  let stopped = false;
  let pause = COALESCE_MS;
  let calm: ReturnType<typeof setTimeout> | undefined;

  const plan = () => {
    if (stopped || timer !== undefined) return;
    clearTimeout(calm);
    timer = setTimeout(() => void run(), pause);
  };

  async function run(): Promise<void> {
    timer = undefined;
    running = true;
    again = false;
    try {
      await refresh();
    } finally {
      running = false;
      pause = Math.min(pause * 2, MAX_PAUSE_MS);
      calm = setTimeout(() => (pause = COALESCE_MS), pause);
      if (again) plan();
    }
  }

  return {
    /** Asks for a refresh. During one, another follows it. */
    request(): void {
      if (running) again = true;
      else plan();
    },
    stop(): void {
      stopped = true;
      clearTimeout(timer);
      clearTimeout(calm);
    },
  };
}
