import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { AppError } from '../../http/errors.ts';
import { createSemaphore } from '../../util/semaphore.ts';
import { HEIC_EXIT } from './heic.protocol.ts';
import { processEntry } from '../../util/process-entry.ts';

const ENTRY = processEntry(import.meta, 'heic.process');
const TIMEOUT_MS = 30_000;
/** One at a time: each takes a few hundred megabytes while it lasts. */
const turns = createSemaphore(1);

/**
 * Turns an iPhone's HEIC into a JPEG at `target`: upright, quality 90, with its colour profile and nothing else.
 * Errors: broken_file, too_many_pixels.
 */
export const heicToJpeg = (source: string, target: string): Promise<void> =>
  turns.run(1, () => convert(source, target));

async function convert(source: string, target: string): Promise<void> {
  // None of the server's environment: a picture that takes the process over finds no secrets.
  const child = spawn(process.execPath, ['--max-old-space-size=256', ENTRY, source, target], {
    env: { TMPDIR: tmpdir(), MALLOC_ARENA_MAX: '2' },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-2000)));
  const code = await new Promise<number | null>((done, fail) => {
    child.once('error', fail);
    child.once('close', done);
  });
  if (code === 0) return;
  if (code === HEIC_EXIT.tooManyPixels)
    throw new AppError('too_many_pixels', 'The photo has more than 50 megapixels.');
  if (/ENOSPC|EDQUOT/.test(stderr))
    throw new AppError('unavailable', 'There is no room on the server just now. Try again later.');
  throw new AppError('broken_file', 'The file is damaged or incomplete: it cannot be opened as a photo.', {
    cause: new Error(`HEIC conversion ended with ${code}: ${stderr}`),
  });
}
