import { writeSync } from 'node:fs';

const INTERVAL_MS = 100;
const MB = 2 ** 20;

/** The message on standard error before the watchdog ends a process over its memory limit. */
export const OVER_MEMORY = /^It used \d+ MB of memory; \d+ MB are allowed\.$/m;

/**
 * Ends the process when its resident memory exceeds the limit or its parent dies. A killed parent
 * sends no signal; its children only get another parent.
 *
 * @param limits `memoryLimitMb` in 2^20 bytes; `parent` the parent's process id at the start
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
