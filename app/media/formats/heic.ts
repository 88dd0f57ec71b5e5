import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { AppError } from '../../http/errors.ts';
import { OVER_MEMORY } from '../../util/watchdog.ts';
import { processEntry } from '../../util/process-entry.ts';
import { createSemaphore } from '../../util/semaphore.ts';
import { HEIC_EXIT, HEIC_MEMORY_MB, MAX_HEIC_PIXELS } from './heic.protocol.ts';

const ENTRY = processEntry(import.meta, 'heic.process');
const TIMEOUT_MS = 30_000;
const MAX_STDERR_CHARACTERS = 2000;
/** One at a time: each takes a few hundred megabytes. */
const turns = createSemaphore(1);

export interface HeicOptions {
  /** The converter program; by default the one beside this module. */
  entry?: string;
  timeoutMs?: number;
}

/**
 * Converts a HEIC photo to a JPEG at `target`: upright, quality 90, with its colour profile and
 * nothing else. Errors: `broken_file`, `too_many_pixels` (the file's); `unavailable` (a process
 * that cannot start, crashes or hangs).
 */
export const heicToJpeg = (source: string, target: string, options: HeicOptions = {}): Promise<void> =>
  turns.run(1, () => convert(source, target, options));

async function convert(
  source: string,
  target: string,
  { entry = ENTRY, timeoutMs = TIMEOUT_MS }: HeicOptions,
): Promise<void> {
  // Without the server's environment: a picture that takes over the process finds no secrets.
  const child = spawn(process.execPath, ['--max-old-space-size=256', entry, source, target], {
    env: { TMPDIR: tmpdir(), MALLOC_ARENA_MAX: '2' },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  let stderr = '';
  child.stderr.on(
    'data',
    (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-MAX_STDERR_CHARACTERS)),
  );
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((done, fail) => {
    child.once('error', (error) => fail(unavailable(error)));
    child.once('close', (status, by) => done([status, by]));
  });
  if (code !== 0) throw refusal(code, signal, stderr);
}

/**
 * Maps the end of the process to an error. Its exit code reports a fault of the file; any other end
 * is the server's fault.
 */
function refusal(code: number | null, signal: NodeJS.Signals | null, stderr: string): AppError {
  const cause = new Error(`HEIC conversion ended with ${code ?? signal}: ${stderr}`);
  if (code === HEIC_EXIT.broken) {
    return new AppError('broken_file', 'The file is damaged or incomplete: it cannot be opened as a photo.', {
      cause,
    });
  }
  if (code === HEIC_EXIT.tooManyPixels) {
    return new AppError('too_many_pixels', `The photo has more than ${MAX_HEIC_PIXELS / 1e6} megapixels.`, {
      cause,
    });
  }
  if (OVER_MEMORY.test(stderr)) {
    return new AppError(
      'too_many_pixels',
      `The photo needs more than ${HEIC_MEMORY_MB} MB of memory to be opened.`,
      {
        cause,
      },
    );
  }
  return unavailable(cause);
}

const unavailable = (cause: Error) =>
  new AppError('unavailable', 'HEIC photos cannot be processed at the moment. Try again later.', {
    cause,
  });
