import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');

/** The server bundle, as in the image. */
export const BUNDLE = 'dist/server/main.js';

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** Builds the client if it is stale, and the server if `entry` is the bundle. */
export function build(entry = BUNDLE): void {
  execFileSync(process.execPath, ['client/build.ts', '--if-stale'], { cwd: ROOT, stdio: 'inherit' });
  if (entry.startsWith('dist/'))
    execFileSync(process.execPath, ['app/build.ts'], { cwd: ROOT, stdio: 'inherit' });
}

/**
 * Returns the median milliseconds of `node -e 0`. It makes figures of different machines
 * comparable.
 */
export function bareStart(runs: number): number {
  return median(
    Array.from({ length: runs }, () => {
      const began = performance.now();
      execFileSync(process.execPath, ['-e', '0']);
      return performance.now() - began;
    }),
  );
}
