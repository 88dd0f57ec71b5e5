import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const EVERY_MS = 5;
/**
 * Growth beyond the last peak that triggers a collection, bytes. A collection takes a tenth of a
 * second.
 */
const STEP = 16_000_000;

/**
 * Measures the memory growth of the process in bytes, to within {@link STEP}. Only memory that
 * survives a garbage collection counts. V8 keeps some 64 MB of dead buffers before it collects,
 * which says nothing about the program.
 */
export function watchMemory(): { stop(): number } {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new Error('V8 gives no gc().');
  const taken = () => {
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external; // rss would include memory of other tests
  };
  const held = () => {
    collect();
    collect(); // the first run finds dead buffers, the second frees them
    return taken();
  };
  const before = held();
  let most = before;
  const look = () => {
    if (taken() > most + STEP) most = Math.max(most, held());
  };
  const timer = setInterval(look, EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      look();
      return most - before;
    },
  };
}
