import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { createClosedNetwork, type ClosedNetwork } from './closed-network.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** A distribution's Node, not the one the app installs. */
const NODE_VERSION = '20';
const NPM_VERSION = '10';

/**
 * A minimal Debian with Node, npm and git, and this project in /project. It shares this machine's
 * kernel. Of the network it reaches only the registries of npm and Debian.
 */
export interface FreshMachine extends AsyncDisposable {
  /** Its root folder. */
  root: string;
  /** Its network. A server in the machine listens on `network.appPort`. */
  network: ClosedNetwork;
  /**
   * Runs a shell command in /project as root. Returns the whole output, or throws it if the command
   * fails.
   */
  run(command: string): Promise<string>;
  /** Starts a shell command in /project. `output` returns what it has printed so far. */
  start(command: string): { output(): string; ended(): boolean; stop(): Promise<void> };
}

/** Returns why such a machine cannot be made here; `undefined` if it can. */
export function missingForFreshMachine(): string | undefined {
  if (process.getuid?.() !== 0) return 'It needs root.';
  const absent = ['mmdebstrap', 'unshare', 'nsenter', 'ip', 'git'].filter(
    (name) => spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0,
  );
  return absent.length > 0 ? `Not here: ${absent.join(', ')}.` : undefined;
}

/** Makes the machine, which takes about a minute. */
export async function makeFreshMachine(): Promise<FreshMachine> {
  const folder = mkdtempSync(join(tmpdir(), 'meemikansio-fresh-'));
  const root = join(folder, 'root');
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    execFileSync('mmdebstrap', [
      '--quiet',
      '--variant=minbase',
      '--include=git,ca-certificates',
      'bookworm',
      root,
    ]);
    installNode(folder, root);
    const network = await createClosedNetwork([npmRegistry().hostname, ...debianHosts(root)]);
    lendSettings(root, network.proxy);
    copyProject(join(root, 'project'));
    return {
      root,
      network,
      ...commandsOf(root, network),
      [Symbol.asyncDispose]: async () => {
        await network[Symbol.asyncDispose]();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

function commandsOf(root: string, network: ClosedNetwork): Pick<FreshMachine, 'run' | 'start'> {
  const environment = ['HOME=/root', 'LANG=C.UTF-8', 'PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'];
  // The mounts and the whole process tree end with `unshare`.
  const spawnInside = (command: string): ChildProcess & { stdout: Readable; stderr: Readable } => {
    const [program, ...first] = network.enter;
    const own = ['unshare', '--mount', '--pid', '--fork', '--kill-child', 'sh', '-c'];
    const enterRoot = `mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && exec chroot "$0" env -i "$@"`;
    const shell = ['sh', '-c', `cd /project && { ${command}; } 2>&1`];
    return spawn(program, [...first, ...own, enterRoot, root, ...environment, ...shell], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  };
  const start = (command: string) => {
    const child = spawnInside(command);
    let printed = '';
    child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    return { child, output: () => printed };
  };
  return {
    async run(command) {
      const { child, output } = start(command);
      await once(child, 'close');
      if (child.exitCode !== 0)
        throw new Error(`${command} ended with ${child.exitCode ?? child.signalCode}:\n${output()}`);
      return output();
    },
    start(command) {
      const { child, output } = start(command);
      return {
        output,
        ended: () => child.exitCode !== null || child.signalCode !== null,
        stop: () => end(child),
      };
    },
  };
}

/**
 * Ends the whole machine. `unshare --fork` ignores SIGTERM, and `--kill-child` ends what it runs.
 */
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

const npmRegistry = (): URL =>
  new URL(execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim());

/** Returns the hosts of Debian's packages: those of the machine's own sources. */
function debianHosts(root: string): string[] {
  const files = globSync(['etc/apt/sources.list', 'etc/apt/sources.list.d/*'], { cwd: root });
  const text = files.map((file) => readFileSync(join(root, file), 'utf8')).join('\n');
  return [...new Set(text.match(/https?:\/\/[^\s/]+/g))].map((url) => new URL(url).hostname);
}

/**
 * Copies this machine's settings for npm's and Debian's packages, and its trusted certificates.
 * Names are looked up in the closed network, and npm and apt use its proxy.
 */
function lendSettings(root: string, proxy: string): void {
  const lend = (path: string) => {
    if (!existsSync(path)) return;
    rmSync(join(root, path), { recursive: true, force: true });
    mkdirSync(dirname(join(root, path)), { recursive: true });
    cpSync(path, join(root, path), { recursive: true, dereference: true });
  };
  for (const path of ['/etc/hosts', '/etc/ssl/certs', '/etc/apt/apt.conf.d']) lend(path);
  writeFileSync(join(root, 'etc/resolv.conf'), 'nameserver 127.0.0.1\n');
  writeFileSync(
    join(root, 'etc/apt/apt.conf.d/99-closed-network'),
    `Acquire::http::Proxy "${proxy}";\nAcquire::https::Proxy "${proxy}";\n`,
  );
  const bundle = '/etc/ssl/certs/ca-certificates.crt';
  const settings = [`registry=${npmRegistry().href}`, `proxy=${proxy}`, `https-proxy=${proxy}`];
  if (existsSync(bundle)) settings.push(`cafile=${bundle}`);
  writeFileSync(join(root, 'root/.npmrc'), `${settings.join('\n')}\n`);
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
