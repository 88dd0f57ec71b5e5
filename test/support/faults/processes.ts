import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { WAIT_HANGS_AFTER_MS } from '../hang-guard.ts';

function read(pid: number, what: string): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, 'latin1');
  } catch {
    return ''; // it has just ended
  }
}

/**
 * Returns the processes whose command line contains this text. With `parent`, returns only its
 * children. Linux.
 */
export function processesWith(text: string, parent?: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => read(pid, 'cmdline').includes(text))
    .filter(
      (pid) => parent === undefined || Number(read(pid, 'stat').split(') ').at(-1)?.split(' ')[1]) === parent,
    );
}

/**
 * Waits until a process has ended. A zombie, whose parent has not reaped it yet, counts as ended.
 */
export async function untilGone(pid: number): Promise<void> {
  const gone = () => /^$|State:\s+Z/.test(/State:.*/.exec(read(pid, 'status'))?.[0] ?? '');
  for (const deadline = Date.now() + WAIT_HANGS_AFTER_MS; !gone(); await sleep(20))
    if (Date.now() > deadline) throw new Error(`process ${pid} is still there`);
}
