import { execFile, execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { z } from 'zod';
import { WAIT_HANGS_AFTER_MS } from '../support/hang-guard.ts';

/**
 * Builds and runs the image with what the machine has: a working engine, else buildah and a
 * separate file system.
 */
export type Engine = 'docker' | 'podman' | 'buildah';

const ROOT = join(import.meta.dirname, '../..');
const WRITABLE = '/data';

/** Asynchronous, so that this process notices connections that the server closes meanwhile. */
async function run(command: string, ...args: string[]): Promise<string> {
  return (await promisify(execFile)(command, args)).stdout.trim();
}

const works = (command: string, ...args: string[]) =>
  spawnSync(command, args, { stdio: 'ignore' }).status === 0;

export function findEngine(): Engine | null {
  if (works('docker', 'info')) return 'docker';
  if (works('podman', 'info')) return 'podman';
  const own = process.getuid?.() === 0 && works('buildah', '--version') && works('mmdebstrap', '--version');
  return own ? 'buildah' : null;
}

/** npm downloads the static ffmpeg from GitHub. If npm could not, the image uses Debian's. */
export const reachableFfmpeg = (): 'static' | 'debian' =>
  existsSync(join(ROOT, 'node_modules/ffmpeg-static/ffmpeg')) ? 'static' : 'debian';

export function buildImage(tag: string, args: Record<string, string>): void {
  const options = Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
  execFileSync('bash', ['test/image/build.sh', tag, ...options], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

const config = z.object({
  User: z.string(),
  Env: z.array(z.string()),
  Cmd: z.array(z.string()),
  Labels: z.record(z.string(), z.string()),
  ExposedPorts: z.record(z.string(), z.unknown()),
  StopSignal: z.string(),
  Healthcheck: z.object({ Test: z.array(z.string()) }),
});
const inspected = z.object({
  config,
  history: z.array(z.object({ created_by: z.string().optional() })),
});
export type ImageConfig = z.infer<typeof config>;

const output = (command: string, ...args: string[]): string =>
  execFileSync(command, args, { cwd: ROOT, maxBuffer: 64e6 }).toString().trim();

/** Reads the configuration of an image, and every build step. */
export function inspectImage(engine: Engine, tag: string): { config: ImageConfig; history: string[] } {
  if (engine === 'buildah') {
    const { Docker } = z
      .object({ Docker: inspected })
      .parse(JSON.parse(output('buildah', 'inspect', '--type', 'image', tag)));
    return { config: Docker.config, history: Docker.history.map((step) => step.created_by ?? '') };
  }
  const [image] = z
    .array(z.object({ Config: config }))
    .parse(JSON.parse(output(engine, 'image', 'inspect', tag)));
  if (!image) throw new Error(`There is no image ${tag}.`);
  const history = output(engine, 'history', '--no-trunc', '--format', '{{.CreatedBy}}', tag).split('\n');
  return { config: image.Config, history };
}

export interface Container extends AsyncDisposable {
  url: string;
  output(): string;
  /** Runs a program beside the server, as its user. Returns its output. */
  exec(...command: string[]): Promise<string>;
  /**
   * Peak resident memory of the server so far, megabytes (10^6). `null` if an engine hides its
   * processes.
   */
  peakMb(): number | null;
  /** Sends SIGTERM, as a platform does. Returns the exit code. */
  stop(): Promise<number | null>;
}

interface RunOptions {
  port: number;
  env: Record<string, string>;
  memoryBytes: number;
}

/**
 * Starts the image's own command without privileges, on a read-only root with one writable folder.
 * Waits for health.
 */
export async function runImage(engine: Engine, tag: string, options: RunOptions): Promise<Container> {
  const parts = engine === 'buildah' ? withoutEngine(tag, options) : withEngine(engine, tag, options);
  let printed = '';
  parts.child.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  parts.child.stderr?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const ended = once(parts.child, 'exit');
  const url = `http://127.0.0.1:${options.port}`;
  const stop = async (): Promise<number | null> => {
    if (parts.child.exitCode === null) {
      parts.terminate();
      await ended;
    }
    parts.remove();
    return parts.child.exitCode;
  };
  for (const deadline = Date.now() + WAIT_HANGS_AFTER_MS; !(await healthy(url)); await sleep(20)) {
    if (Date.now() < deadline && parts.child.exitCode === null) continue;
    await stop();
    throw new Error(`The image did not start:\n${printed}`);
  }
  return {
    url,
    output: () => printed,
    exec: parts.exec,
    peakMb: parts.peakMb,
    stop,
    [Symbol.asyncDispose]: async () => void (await stop()),
  };
}

const healthy = (url: string) =>
  fetch(`${url}/api/health`).then(
    (response) => response.ok,
    () => false,
  );

interface Parts extends Pick<Container, 'exec' | 'peakMb'> {
  child: ChildProcess;
  terminate(): void;
  remove(): void;
}

function withEngine(engine: 'docker' | 'podman', tag: string, { port, env, memoryBytes }: RunOptions): Parts {
  const name = `meemikansio-test-${port}`;
  const settings = Object.entries({ ...env, PORT: String(port) }).flatMap(([key, value]) => [
    '--env',
    `${key}=${value}`,
  ]);
  const limits = [
    '--read-only',
    '--cap-drop=ALL',
    '--security-opt=no-new-privileges',
    `--memory=${memoryBytes}`,
  ];
  const writable = ['--tmpfs', `${WRITABLE}:uid=1000,gid=1000,mode=700`];
  const options = ['run', '--rm', '--name', name, '--network=host', ...limits, ...writable, ...settings, tag];
  return {
    child: spawn(engine, options, { stdio: ['ignore', 'pipe', 'pipe'] }),
    terminate: () => void spawnSync(engine, ['kill', '--signal=TERM', name]),
    remove: () => void spawnSync(engine, ['rm', '--force', name], { stdio: 'ignore' }),
    exec: (...command) => run(engine, 'exec', name, ...command),
    peakMb: () => null,
  };
}

function withoutEngine(tag: string, { port, env, memoryBytes }: RunOptions): Parts {
  const { config } = inspectImage('buildah', tag);
  const container = output('buildah', 'from', '--pull-never', tag);
  const root = output('buildah', 'mount', container);
  const [uid = ''] = config.User.split(':');
  const own = Object.fromEntries(
    config.Env.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  const child = spawn(
    'bash',
    [join(import.meta.dirname, 'run-rootfs.sh'), root, uid, String(memoryBytes), WRITABLE, ...config.Cmd],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...own, ...env, PORT: String(port) } },
  );
  const server = () => Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim());
  return {
    child,
    terminate: () => process.kill(server(), config.StopSignal === 'SIGTERM' ? 'SIGTERM' : 'SIGKILL'),
    remove: () => void spawnSync('buildah', ['rm', container], { stdio: 'ignore' }),
    exec: (...command) =>
      run(
        'nsenter',
        '--target',
        String(server()),
        '--mount',
        '--pid',
        `--root=/proc/${server()}/root`,
        '--setuid',
        uid,
        '--setgid',
        uid,
        ...command,
      ),
    peakMb: () =>
      (Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${server()}/status`, 'utf8'))?.[1]) * 1024) / 1e6,
  };
}
