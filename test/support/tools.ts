import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * `npm run tools`: installs the development tools (tests, linters, deployment) that `npm ci` leaves
 * out.
 *
 * They are peerDependencies, which `.npmrc` omits. The deployment's packages alone are 600 MB, and
 * most users want only the app. Every command that needs the tools calls this first. It takes some
 * 20 ms when nothing is missing.
 */

const ROOT = join(import.meta.dirname, '../..');

interface LockedPackage {
  version?: string;
  /**
   * Only peerDependencies need it: https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json
   */
  peer?: boolean;
  optional?: boolean;
}
export interface Lock {
  packages: Record<string, LockedPackage>;
}

const readLock = (path: string): Lock => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));

/**
 * Returns the folders of development packages in `lock` that `installed` lacks or has in another
 * version.
 */
export function missingTools(lock: Lock, installed: Lock): string[] {
  return Object.entries(lock.packages)
    .filter(([, { peer, optional }]) => peer === true && optional !== true)
    .filter(([path, { version }]) => installed.packages[path]?.version !== version)
    .map(([path]) => path);
}

/** Installs missing tools exactly as package-lock.json says. Ends the process if npm fails. */
export function installTools(): void {
  // npm keeps this list of installed packages:
  // https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json
  const missing = missingTools(readLock('package-lock.json'), readLock('node_modules/.package-lock.json'));
  if (missing.length === 0) return;
  process.stdout.write(`tools: installing ${missing.length} packages for tests, checks and deployment\n`);
  const { status } = spawnSync('npm', ['install', '--include=peer', '--no-save'], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  if (status === 0) return;
  process.stderr.write('tools: npm could not install them; its message above says why.\n');
  process.exit(1);
}

if (import.meta.main) installTools();
