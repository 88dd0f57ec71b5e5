import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread, Worker, workerData } from 'node:worker_threads';

interface Task {
  folder: string;
  pid: number;
  size: number;
}

const CODES = ['stopped', 'too late', 'never'] as const;
type Outcome = (typeof CODES)[number];
const GIVE_UP_MS = 60_000;

/**
 * Stops a process (SIGSTOP) while it writes a file of this size into this folder, in the few milliseconds that takes: a
 * thread of its own looks without a pause. Answers how it went.
 */
export async function stopWhileWriting(folder: string, pid: number, size: number): Promise<Outcome> {
  const worker = new Worker(import.meta.filename, { workerData: { folder, pid, size } satisfies Task });
  return new Promise((done, failed) => {
    worker.once('exit', (code) => done(CODES[code] ?? 'never'));
    worker.once('error', failed);
  });
}

function look({ folder, pid, size }: Task): Outcome {
  const sizes = () =>
    readdirSync(folder).map((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0);
  const deadline = Date.now() + GIVE_UP_MS;
  while (Date.now() < deadline) {
    if (!sizes().some((written) => written > size / 100)) continue;
    process.kill(pid, 'SIGSTOP');
    return sizes().some((written) => written > 0 && written < size) ? 'stopped' : 'too late';
  }
  return 'never';
}

if (!isMainThread) process.exit(CODES.indexOf(look(workerData)));
