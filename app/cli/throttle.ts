const INTERVAL_MS = 2000;

/** Passes on the first call and then at most one every two seconds, for progress lines. */
export function throttle<Args extends unknown[]>(tell: (...args: Args) => void): (...args: Args) => void {
  let last = -Infinity;
  return (...args) => {
    const now = performance.now();
    if (now - last < INTERVAL_MS) return;
    last = now;
    tell(...args);
  };
}
