import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Limits of a child process. */
export interface FfmpegLimits {
  /** Wall-clock limit; a hanging child is killed. */
  timeoutMs: number;
  /** Seconds of processor time. */
  cpuSeconds: number;
  /** Address space in megabytes (2^20); resident memory stays well below. */
  memoryMb: number;
  /** Largest output file in megabytes (2^20). */
  fileMb: number;
}

export interface FfmpegRun {
  command: string;
  args: readonly string[];
  /** Working folder of the child; outputs are named relative to it. */
  cwd: string;
  limits: FfmpegLimits;
  signal?: AbortSignal | undefined;
  /** Receives the output on `pipe:1`, chunk by chunk; if unset, the output is discarded. */
  onOutput?: ((chunk: string) => void) | undefined;
}

/** A run failed. `stderr` is for the log. */
export class FfmpegError extends Error {
  override readonly name = 'FfmpegError';
  /**
   * `failed`: ffmpeg refused the file. `killed`: a limit, a crash or a signal ended it. `missing`:
   * it did not start. `full`: it could not write its output.
   */
  readonly reason: 'failed' | 'killed' | 'missing' | 'full';

  constructor(reason: FfmpegError['reason'], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.reason = reason;
  }
}

const WRITE_CHECK_BYTES = 1 << 16;
const MAX_STDERR_CHARACTERS = 64_000;

/** The C library's messages for ENOSPC, EDQUOT and EFBIG; reading never causes these. */
const UNWRITTEN = /No space left on device|Disk quota exceeded|File too large/;
/** EIO: a disk's error, or ffmpeg's own message for a truncated input. */
const UNREAD = /Input\/output error/;

/**
 * The shell sets the limits, then becomes ffmpeg: processor seconds, address space (kB), file size
 * (512-byte blocks), no core dumps. It skips a limit the system lacks (macOS has no -v). The
 * priority is low, because people wait for the server first.
 */
const LIMITED =
  'ulimit -c 0; ulimit -t "$1"; ulimit -v "$2" 2>/dev/null; ulimit -f "$3"; shift 3; exec nice -n 10 "$@"';

/** With util-linux the child dies with the server, even a killed one, and gains no privileges. */
const BOUND = existsSync('/usr/bin/setpriv')
  ? ['/usr/bin/setpriv', '--pdeathsig', 'KILL', '--no-new-privs']
  : [];

/**
 * Runs ffmpeg in isolation: no environment, no standard input, limits on time, memory and file
 * size. Resolves with its standard error after it has ended. Never leaves the child running.
 * Errors: {@link FfmpegError}.
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
      // More than two malloc arenas only take address space. The command may be a name on the PATH.
      env: { PATH: PATHS, MALLOC_ARENA_MAX: '2', LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group of its own: FFMPEG_PATH may be a script, whose children must end with it.
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
    // ffmpeg may report success when only the end of a file could not be written.
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

/** Tells a failing disk from a truncated input: checks whether the folder accepts a file. */
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
  // After the child's end, its process id may belong to another process.
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The child ended at this moment.
  }
}

/** Standard folders of programs. */
const PATHS = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/homebrew/bin';
