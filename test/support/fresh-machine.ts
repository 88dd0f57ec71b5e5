import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** A distribution's Node, not the one the app installs. */
const NODE_VERSION = '20';
const NPM_VERSION = '10';

/**
 * A minimal Debian with Node, npm and git, and this project in /project. It shares this machine's
 * network and kernel.
 */
export interface FreshMachine extends Disposable {
  /** Its root folder. */
  root: string;
  /**
   * Runs a shell command in /project as root. Returns the whole output, or throws it if the command
   * fails.
   */
  run(command: string): string;
  /** Starts a shell command in /project. `output` returns what it has printed so far. */
  start(command: string): { output(): string; ended(): boolean; stop(): Promise<void> };
}

/** Returns why such a machine cannot be made here; `undefined` if it can. */
export function missingForFreshMachine(): string | undefined {
  if (process.getuid?.() !== 0) return 'It needs root.';
  const absent = ['mmdebstrap', 'unshare', 'git'].filter(
    (name) => spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0,
  );
  return absent.length > 0 ? `Not here: ${absent.join(', ')}.` : undefined;
}

/** Makes the machine, which takes about a minute. */
export function makeFreshMachine(): FreshMachine {
  const folder = mkdtempSync(join(tmpdir(), 'meemikansio-fresh-'));
  const root = join(folder, 'root');
  execFileSync('mmdebstrap', [
    '--quiet',
    '--variant=minbase',
    '--include=git,ca-certificates',
    'bookworm',
    root,
  ]);
  installNode(folder, root);
  lendSettings(root);
  copyProject(join(root, 'project'));

  const environment = ['HOME=/root', 'LANG=C.UTF-8', 'PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'];
  // The mounts and the whole process tree end with `unshare`.
  const enter = (command: string): string[] => [
    '--mount',
    '--pid',
    '--fork',
    '--kill-child',
    'sh',
    '-c',
    `mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && exec chroot "$0" env -i "$@"`,
    root,
    ...environment,
    'sh',
    '-c',
    `cd /project && { ${command}; } 2>&1`,
  ];
  return {
    root,
    run(command) {
      const { status, stdout } = spawnSync('unshare', enter(command), {
        encoding: 'utf8',
        maxBuffer: 64e6,
      });
      if (status !== 0) throw new Error(`${command} ended with ${status}:\n${stdout}`);
      return stdout;
    },
    start(command) {
      const child = spawn('unshare', enter(command), { stdio: ['ignore', 'pipe', 'pipe'] });
      let printed = '';
      child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
      return {
        output: () => printed,
        ended: () => child.exitCode !== null || child.signalCode !== null,
        stop: () => end(child),
      };
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Ends the whole machine. `unshare --fork` ignores SIGTERM, and `--kill-child` ends what it runs. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/**
 * Installs Node and npm from npm's registry. Debian's version of the binary differs in every
 * release.
 */
function installNode(folder: string, root: string): void {
  const packages = join(folder, 'node');
  mkdirSync(packages);
  writeFileSync(join(packages, 'package.json'), '{}');
  const wanted = [`node@${NODE_VERSION}`, `npm@${NPM_VERSION}`];
  execFileSync('npm', ['install', '--no-save', '--loglevel=error', ...wanted], {
    cwd: packages,
    stdio: 'ignore',
  });
  const local = join(root, 'usr/local');
  cpSync(realpathSync(join(packages, 'node_modules/node/bin/node')), join(local, 'bin/node'));
  cpSync(join(packages, 'node_modules/npm'), join(local, 'lib/node_modules/npm'), { recursive: true });
  for (const name of ['npm', 'npx'])
    execFileSync('ln', ['-s', `../lib/node_modules/npm/bin/${name}-cli.js`, join(local, 'bin', name)]);
}

/** Copies this machine's settings for npm's and Debian's packages, and its trusted certificates. */
function lendSettings(root: string): void {
  const lend = (path: string) => {
    if (!existsSync(path)) return;
    rmSync(join(root, path), { recursive: true, force: true });
    mkdirSync(dirname(join(root, path)), { recursive: true });
    cpSync(path, join(root, path), { recursive: true, dereference: true });
  };
  for (const path of ['/etc/resolv.conf', '/etc/hosts', '/etc/ssl/certs', '/etc/apt/apt.conf.d']) lend(path);
  const registry = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim();
  const bundle = '/etc/ssl/certs/ca-certificates.crt';
  writeFileSync(
    join(root, 'root/.npmrc'),
    `registry=${registry}\n${existsSync(bundle) ? `cafile=${bundle}\n` : ''}`,
  );
}

/** Copies the files that git would commit, in their current state. */
function copyProject(target: string): void {
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  for (const file of files.split('\0').filter(Boolean)) {
    if (!existsSync(join(ROOT, file))) continue; // deleted and not yet committed
    mkdirSync(dirname(join(target, file)), { recursive: true });
    cpSync(join(ROOT, file), join(target, file));
  }
}
