/** Watches how much memory the process takes beyond what it takes now, in bytes. */
export function watchMemory(): { stop(): number } {
  globalThis.gc?.();
  const taken = () => {
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external; // the whole process' pages would count the garbage of other tests
  };
  const before = taken();
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, taken())), 5);
  return {
    stop() {
      clearInterval(timer);
      return Math.max(most, taken()) - before;
    },
  };
}
