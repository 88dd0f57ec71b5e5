import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';

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
  /** Takes what it writes to `pipe:1`, chunk by chunk; without it that is thrown away. */
  onOutput?: ((chunk: string) => void) | undefined;
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

const WRITE_CHECK_BYTES = 1 << 16;
const MAX_STDERR_CHARACTERS = 64_000;

/** What the C library calls ENOSPC, EDQUOT and EFBIG: reading never ends in these. */
const UNWRITTEN = /No space left on device|Disk quota exceeded|File too large/;
/** EIO: of a disk, or ffmpeg's own word for an input that breaks off. */
const UNREAD = /Input\/output error/;

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
export async function runFfmpeg(run: FfmpegRun): Promise<string> {
  const { command, args, cwd, limits, signal, onOutput } = run;
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
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group of its own: FFMPEG_PATH may be a script, whose children are to go with it.
      detached: true,
    },
  );
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr = (stderr + chunk).slice(-MAX_STDERR_CHARACTERS);
  });
  child.stdout.setEncoding('utf8').on('data', onOutput ?? (() => undefined));
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
    const unwritten =
      by === 'SIGXFSZ' || UNWRITTEN.test(stderr) || (UNREAD.test(stderr) && !(await canWrite(cwd)));
    if (unwritten) throw new FfmpegError('full', `ffmpeg found no room: ${stderr.slice(-500)}`);
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

/** Whether the disk of a folder takes a file: tells a disk that fails from an input that breaks off. */
async function canWrite(folder: string): Promise<boolean> {
  const path = join(folder, `write-check-${randomUUID()}`);
  try {
    await using file = await open(path, 'wx');
    await file.writeFile(Buffer.alloc(WRITE_CHECK_BYTES));
    await file.sync();
    return true;
  } catch {
    return false;
  } finally {
    await rm(path, { force: true }).catch(() => undefined);
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
