import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/**
 * Age limit for a folder of another machine on a shared disk. We cannot see whether its process
 * lives, so age decides.
 */
const FOREIGN_AGE_MS = 24 * 3600 * 1000;

/** Folders opened by this process. An earlier process can have had the same process id. */
const opened = new Set<string>();

/**
 * Creates this process's folder for temporary files under `base`, and removes folders of dead
 * processes. Several processes may share `base`.
 */
export async function openTempFolder(base: string): Promise<string> {
  await mkdir(base, { recursive: true });
  await sweepTempFolders(base);
  const own = join(base, `${process.pid}.${randomUUID().slice(0, 8)}.${hostname()}`);
  opened.add(own);
  await mkdir(own);
  return own;
}

/**
 * Does work in a new folder below `directory`, which is created when missing. Removes the folder
 * afterwards, also when the work fails.
 */
export async function inTempFolder<T>(
  directory: string,
  prefix: string,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  await mkdir(directory, { recursive: true });
  const folder = await mkdtemp(join(directory, prefix));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Removes the folders under `base` whose processes are dead. Returns their number. */
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
  // In a container every process has id 1: an earlier process with our id is dead.
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
