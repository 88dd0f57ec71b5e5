import { copyFileSync, globSync } from 'node:fs';
import { basename, join } from 'node:path';

const SUFFIX = '.lock.hcl';

/**
 * Puts the lock files beside their stacks. They hold the hashes of the providers for every
 * platform. The workflow `pins` makes them.
 * https://opentofu.org/docs/language/files/dependency-lock/
 */
export function placeLocks(locks: string, stacks: string): void {
  for (const file of globSync(join(locks, `*${SUFFIX}`)))
    copyFileSync(file, join(stacks, basename(file, SUFFIX), '.terraform.lock.hcl'));
}
