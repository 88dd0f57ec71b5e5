import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';

/** What a child may use at most. */
export interface FfmpegLimits {
  /** Wall clock; a child that hangs is killed. */
  timeoutMs: number;
  /** Seconds of processor time. */
  cpuSeconds: number;
  /** Address space in megabytes (2^20): resident memory stays well below. */
  memoryMb: number;
  /** Largest file it may write, in megabytes (2^20). */
  fileMb: number;
}

export interface FfmpegRun {
  command: string;
  args: readonly string[];
  /** Its working folder: the only place outputs are named in. */
  cwd: string;
  limits: FfmpegLimits;
  signal?: AbortSignal | undefined;
}

/** Why a run ended without success. `stderr` is for the log. */
export class FfmpegError extends Error {
  override readonly name = 'FfmpegError';
  /**
   * `failed`: it refused the file. `killed`: a limit, a crash or somebody ended it. `missing`: it cannot be started.
   * `full`: it could not write what it made.
   */
  readonly reason: 'failed' | 'killed' | 'missing' | 'full';

  constructor(reason: FfmpegError['reason'], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.reason = reason;
  }
}

const STDERR_KEPT = 64_000;

/** What the C library calls ENOSPC, EDQUOT, EIO and EFBIG. */
const UNWRITTEN = /No space left on device|Disk quota exceeded|Input\/output error|File too large/;

/**
 * Limits set by the shell that becomes ffmpeg: processor seconds, address space (kB), file size (512-byte blocks), no
 * core dumps; a limit the system does not know (macOS has no -v) is skipped. Low priority, because a person waits for
 * the server but not for this.
 */
const LIMITED =
  'ulimit -c 0; ulimit -t "$1"; ulimit -v "$2" 2>/dev/null; ulimit -f "$3"; shift 3; exec nice -n 10 "$@"';

/** With util-linux the child dies with the server, also when that is killed outright, and can gain no privileges. */
const BOUND = existsSync('/usr/bin/setpriv')
  ? ['/usr/bin/setpriv', '--pdeathsig', 'KILL', '--no-new-privs']
  : [];

/**
 * Starts ffmpeg in a small room: no environment, no standard input, limits on time, memory and file size. Resolves
 * with what it wrote to standard error once it is gone; throws {@link FfmpegError} unless it succeeded. The child is
 * never left running.
 */
export async function runFfmpeg({ command, args, cwd, limits, signal }: FfmpegRun): Promise<string> {
  signal?.throwIfAborted();
  const { timeoutMs, cpuSeconds, memoryMb, fileMb } = limits;
  const numbers = [cpuSeconds, memoryMb * 1024, fileMb * 2048].map(String);
  const child = spawn(
    '/bin/sh',
    ['-c', LIMITED, 'ffmpeg', ...numbers, ...BOUND, command, '-hide_banner', '-nostdin', ...args],
    {
      cwd,
      // Two malloc arenas: more only take address space. PATH, because the command may be a name on it.
      env: { PATH: PATHS, MALLOC_ARENA_MAX: '2', LC_ALL: 'C' },
      stdio: ['ignore', 'ignore', 'pipe'],
      // A process group of its own: FFMPEG_PATH may be a script, whose children are to go with it.
      detached: true,
    },
  );
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr = (stderr + chunk).slice(-STDERR_KEPT);
  });
  let late = false;
  const kill = () => killGroup(child);
  const timer = setTimeout(() => {
    late = true;
    kill();
  }, timeoutMs);
  signal?.addEventListener('abort', kill, { once: true });
  try {
    const [code, by] = await new Promise<[number | null, NodeJS.Signals | null]>((done, fail) => {
      child.once('error', (error) => fail(new FfmpegError('missing', 'ffmpeg cannot be started', error)));
      child.once('close', (status, signalName) => done([status, signalName]));
    });
    signal?.throwIfAborted();
    // ffmpeg may call it a success when only the end of a file could not be written.
    if (by === 'SIGXFSZ' || UNWRITTEN.test(stderr))
      throw new FfmpegError('full', `ffmpeg found no room: ${stderr.slice(-500)}`);
    if (code === 0) return stderr;
    if (code === 126 || code === 127) throw new FfmpegError('missing', `ffmpeg cannot be started: ${stderr}`);
    if (by !== null || (code !== null && code > 128)) {
      throw new FfmpegError(
        'killed',
        late ? `ffmpeg took longer than ${timeoutMs} ms` : `ffmpeg was ended by ${by ?? code}`,
      );
    }
    throw new FfmpegError('failed', `ffmpeg ended with code ${code}: ${stderr.slice(-2000)}`);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', kill);
  }
}

function killGroup({ pid, exitCode, signalCode }: ChildProcess): void {
  // Once it is gone its number may be somebody else's.
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended this very moment.
  }
}

/** Where a system keeps its programs. */
const PATHS = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/homebrew/bin';
