import { spawnSync } from 'node:child_process';

/** Tells whether a program is on the PATH. */
export const onPath = (command: string): boolean =>
  spawnSync('sh', ['-c', 'command -v "$1"', 'sh', command]).status === 0;

/** Tells whether this process may install Debian packages: it is root and apt-get exists. */
export const mayInstall = (): boolean => process.getuid?.() === 0 && onPath('apt-get');

/** Installs Debian packages; returns whether that worked. apt's errors go to standard error. */
export function aptInstall(packages: readonly string[]): boolean {
  const run = (...args: string[]) =>
    spawnSync('env', ['DEBIAN_FRONTEND=noninteractive', 'DEBCONF_NOWARNINGS=yes', 'apt-get', ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
    }).status === 0;
  return run('update', '-qq') && run('install', '-y', '-qq', '--no-install-recommends', ...packages);
}
