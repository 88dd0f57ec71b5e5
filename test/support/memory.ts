import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const EVERY_MS = 5;
/** Collecting takes a tenth of a second: only where there is this much more than ever before. */
const STEP = 16_000_000;

/**
 * Watches how much memory the process holds beyond what it holds now, in bytes. What looks like a new height counts only as
 * far as it outlives a garbage collection: V8 lets some 64 MB of buffers lie about by itself before it bothers, which
 * says nothing about the program.
 */
export function watchMemory(): { stop(): number } {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  const taken = () => {
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external; // the whole process' pages would count what other tests left
  };
  const held = () => {
    if (typeof collect === 'function') collect();
    return taken();
  };
  const before = held();
  let most = before;
  const look = () => {
    const now = taken();
    most = Math.max(most, now > most + STEP ? held() : now);
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
