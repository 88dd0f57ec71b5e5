import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** A folder of another machine on a shared disk: nothing there can tell whether its process lives, so age decides. */
const FOREIGN_AGE_MS = 24 * 3600 * 1000;

/** What this process has opened: only by this does a folder of its own number differ from one of a process before it. */
const opened = new Set<string>();

/**
 * Makes a folder for this process's temporary files under `base`, and removes what processes left there that are
 * gone. Several processes may share `base`.
 */
export async function openTempFolder(base: string): Promise<string> {
  await mkdir(base, { recursive: true });
  await sweepTempFolders(base);
  const own = join(base, `${process.pid}.${randomUUID().slice(0, 8)}.${hostname()}`);
  opened.add(own);
  await mkdir(own);
  return own;
}

/** Removes the folders under `base` whose processes are gone. Answers how many. */
export async function sweepTempFolders(base: string): Promise<number> {
  let count = 0;
  for (const name of await readdir(base)) {
    const path = join(base, name);
    if (opened.has(path) || !(await isAbandoned(path, name))) continue;
    await rm(path, { recursive: true, force: true });
    count += 1;
  }
  return count;
}

async function isAbandoned(path: string, name: string): Promise<boolean> {
  const [, pid, host] = /^(\d+)\.[0-9a-f]{8}\.(.*)$/.exec(name) ?? [];
  if (pid === undefined) return true;
  if (host !== hostname()) {
    const info = await stat(path).catch(() => null);
    return info !== null && Date.now() - info.mtimeMs > FOREIGN_AGE_MS;
  }
  // In a container every process is number 1: whoever had our number before is gone.
  return Number(pid) === process.pid || !isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
