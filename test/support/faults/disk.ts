import { spawnSync } from 'node:child_process';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { processesWith } from './processes.ts';

/** A folder on a disk that can be filled to the last byte. */
export interface SmallDisk extends AsyncDisposable {
  /**
   * `tmpfs`: a real full disk (ENOSPC). `limit`: no process may write any more (EFBIG), if mounting
   * is not allowed.
   */
  kind: 'tmpfs' | 'limit';
  /** @param pid the process that sees the full disk */
  fill(pid: number): Promise<void>;
  free(pid: number): Promise<void>;
}

const run = (command: string, ...args: string[]) =>
  spawnSync(command, args, { stdio: 'ignore' }).status === 0;

/**
 * Makes the folder, on a separate disk in memory if allowed.
 * @param mayMount whether to try to mount
 */
export async function createSmallDisk(
  folder: string,
  megabytes: number,
  mayMount: boolean = process.getuid?.() === 0,
): Promise<SmallDisk> {
  await mkdir(folder, { recursive: true });
  const filler = join(folder, 'filler');
  const mounted = mayMount && run('mount', '-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder);
  if (!mounted) {
    const limit = async (root: number, soft: string) => {
      for (const pid of [root, ...processesWith('', root)])
        if (!run('prlimit', '--pid', String(pid), `--fsize=${soft}:unlimited`) && pid === root)
          throw new Error('prlimit failed');
    };
    return {
      kind: 'limit',
      fill: (pid) => limit(pid, '0'),
      free: (pid) => limit(pid, 'unlimited'),
      async [Symbol.asyncDispose]() {},
    };
  }
  return {
    kind: 'tmpfs',
    fill: () => fill(filler),
    free: () => rm(filler, { force: true }),
    async [Symbol.asyncDispose]() {
      if (!run('umount', folder)) run('umount', '-l', folder);
    },
  };
}

async function fill(path: string): Promise<void> {
  await using file = await open(path, 'a');
  for (const size of [1 << 20, 1 << 12]) {
    const block = Buffer.alloc(size);
    for (;;) {
      const written = await file.write(block).then(
        ({ bytesWritten }) => bytesWritten,
        () => 0,
      );
      if (written < size) break;
    }
  }
}
