import { writeSync } from 'node:fs';

const INTERVAL_MS = 100;
const MB = 2 ** 20;

/** What a process says on standard error before its watchdog ends it for its memory. */
export const OVER_MEMORY = /^It used \d+ MB of memory; \d+ MB are allowed\.$/m;

/**
 * Ends the whole process when its resident memory passes the limit, or when its parent is gone (a killed parent sends
 * no signal, its children only get another parent).
 *
 * @param limits - `memoryLimitMb` in 2^20 bytes; `parent` the process id the parent had at the start
 */
export function watch({ memoryLimitMb, parent }: { memoryLimitMb: number; parent: number }): void {
  setInterval(() => {
    const rss = process.memoryUsage.rss();
    if (rss > memoryLimitMb * MB) {
      writeSync(2, `It used ${Math.round(rss / MB)} MB of memory; ${memoryLimitMb} MB are allowed.\n`);
      process.kill(process.pid, 'SIGKILL');
    }
    if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
  }, INTERVAL_MS);
}
