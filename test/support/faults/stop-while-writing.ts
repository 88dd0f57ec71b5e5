import { readdirSync, statSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { WAIT_HANGS_AFTER_MS } from '../hang-guard.ts';

interface Task {
  folder: string;
  pid: number;
  size: number;
  /** The files there beforehand. The search ignores the remains of a failed upload. */
  before: readonly string[];
}

const CODES = ['stopped', 'too late', 'never'] as const;
type Outcome = (typeof CODES)[number];

/**
 * Stops a process (SIGSTOP) while it writes a file of this size into this folder. Writing takes a
 * few milliseconds, so a separate thread polls without a pause. It takes priority over others if
 * allowed.
 * @returns `stopped`, `too late` if the write had ended, or `never`
 */
export async function stopWhileWriting(folder: string, pid: number, size: number): Promise<Outcome> {
  const task: Task = { folder, pid, size, before: readdirSync(folder) };
  const worker = new Worker(import.meta.filename, { workerData: task });
  return new Promise((done, failed) => {
    worker.once('exit', (code) => done(CODES[code] ?? 'never'));
    worker.once('error', failed);
  });
}

/**
 * A file smaller than this share of the size is another file: a thumbnail lies beside its original.
 */
const OTHER = 0.01;

function look({ folder, pid, size, before }: Task): Outcome {
  comeFirst();
  const sizes = () =>
    readdirSync(folder)
      .filter((name) => !before.includes(name))
      .map((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0)
      .filter((written) => written > size * OTHER);
  const deadline = Date.now() + WAIT_HANGS_AFTER_MS;
  while (Date.now() < deadline) {
    if (sizes().length === 0) continue;
    process.kill(pid, 'SIGSTOP');
    return sizes().some((written) => written < size) ? 'stopped' : 'too late';
  }
  return 'never';
}

/**
 * On a busy machine the write ends before an ordinary thread gets its turn. On Linux the priority
 * applies to this thread only.
 */
function comeFirst(): void {
  try {
    setPriority(constants.priority.PRIORITY_HIGHEST);
  } catch {
    // Some users may not raise the priority; more attempts are then needed.
  }
}

if (!isMainThread) process.exit(CODES.indexOf(look(workerData)));
