import { readdir, readlink } from 'node:fs/promises';

/**
 * Counts the open files and sockets of this process. Pipes and the like of the test runner do not
 * count.
 */
export async function descriptors(): Promise<number> {
  const links = await Promise.all(
    (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
  );
  return links.filter((link) => link.startsWith('socket:') || link.startsWith('/')).length;
}
