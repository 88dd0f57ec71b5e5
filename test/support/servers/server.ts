import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { WAIT_HANGS_AFTER_MS } from '../hang-guard.ts';

const ROOT = join(import.meta.dirname, '../../..');

export interface ServerProcess extends AsyncDisposable {
  url: string;
  pid: number;
  /** The process output so far. */
  output(): string;
  /** Sends SIGTERM and waits for the end. Returns the exit code. */
  stop(): Promise<number | null>;
  /** Sends SIGKILL: the process cannot clean up. */
  kill(): Promise<void>;
}

export interface ServerOptions {
  dataDir: string;
  env?: Record<string, string>;
  /** Command and arguments; the app's entry by default. */
  command?: readonly [string, ...string[]];
  /** A free port. If given, returns as soon as the process answers there, ready or not. */
  earlyPort?: number;
}

/**
 * Starts the real server as a separate process on a free port. Waits until it prints its address.
 */
export async function startServer({
  dataDir,
  env = {},
  command,
  earlyPort,
}: ServerOptions): Promise<ServerProcess> {
  const [file, ...args] = command ?? [process.execPath, 'app/main.ts'];
  const child = spawn(file, args, {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      PORT: String(earlyPort ?? 0),
      LOG_LEVEL: 'info',
      DATA_DIR: dataDir,
      // As `npm start` does: to load the sources takes half the time.
      NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/compiled'),
      ...env,
    },
  });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const url = await listening(child, () => printed, earlyPort);
  return {
    url,
    pid: child.pid ?? 0,
    output: () => printed,
    stop: () => end(child, 'SIGTERM'),
    kill: async () => void (await end(child, 'SIGKILL')),
    [Symbol.asyncDispose]: async () => void (await end(child, 'SIGTERM')),
  };
}

async function listening(child: ChildProcess, output: () => string, earlyPort?: number): Promise<string> {
  const early = `http://localhost:${earlyPort}`;
  const deadline = Date.now() + WAIT_HANGS_AFTER_MS;
  while (Date.now() < deadline && child.exitCode === null && child.signalCode === null) {
    const found = /meemikansio is at (http:\/\/localhost:\d+)/.exec(output())?.[1];
    if (found) return found;
    if (earlyPort !== undefined && (await healthy(early))) return early;
    await new Promise((wake) => setTimeout(wake, 25));
  }
  child.kill('SIGKILL');
  throw new Error(`The server did not start (exit code ${child.exitCode}):\n${output()}`);
}

const healthy = (url: string) =>
  fetch(`${url}/api/health`).then(
    (response) => response.ok,
    () => false,
  );

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const closed = once(child, 'close');
  child.kill(signal);
  await closed;
  return child.exitCode;
}
