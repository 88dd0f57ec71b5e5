import { AppError } from '../http/errors.ts';
import { ERROR_STATUS } from '../http/errors.schema.ts';
import { isFull } from '../util/disk-full.ts';
import { FfmpegError } from './ffmpeg/run.ts';

/**
 * Whose fault it is that a file could not be opened or turned into something:
 *
 * - `file`: the file is damaged or of the wrong kind. An upload answers 422; a stage fails for good.
 * - `limit`: the file is more than is allowed. An upload answers 422 with the limit; a stage fails for good.
 * - `server`: a disk, memory, a program or a connection is missing. An upload answers 503; a stage is tried again.
 * - `crash`: a program was ended while it worked on the file. The file's fault if that program does well without it.
 */
export type Fault = 'file' | 'limit' | 'server' | 'crash';

/** Codes of the system that say nothing about a file's content; `isFull` knows those of a full disk. */
const SYSTEM_CODES = new Set([
  'EACCES',
  'EAGAIN',
  'EIO',
  'EMFILE',
  'ENFILE',
  'ENOENT',
  'ENOMEM',
  'EPERM',
  'EPIPE',
]);

/** How sharp, libvips and the C library say the same: their errors have no code. */
const SYSTEM_WORDS =
  /out of memory|cannot allocate memory|memory allocation|too many open files|no space left|disk quota exceeded|input file is missing|unable to open for|permission denied/i;

/** libheif refuses what a file claims of itself, and calls that a memory allocation error too. */
const CLAIMS = /security limit exceeded/i;

/** The one place that decides; see {@link Fault}. Anything that a decoder says about a file is the file's fault. */
export function faultOf(error: unknown): Fault {
  if (error instanceof AppError) return ofAnswer(error);
  if (error instanceof FfmpegError) return OF_FFMPEG[error.reason];
  return isSystem(error) ? 'server' : 'file';
}

/** Whether the same file will fail the same way on every try. */
export function isPermanent(error: unknown): boolean {
  const fault = faultOf(error);
  return fault === 'file' || fault === 'limit';
}

const OF_FFMPEG = {
  failed: 'file',
  killed: 'crash',
  missing: 'server',
  full: 'server',
} as const satisfies Record<FfmpegError['reason'], Fault>;

function ofAnswer({ code }: AppError): Fault {
  if (ERROR_STATUS[code] >= 500) return 'server';
  return code.startsWith('too_') ? 'limit' : 'file';
}

function isSystem(error: unknown): boolean {
  if (isFull(error)) return true;
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && SYSTEM_CODES.has(String(at.code))) return true;
    if (SYSTEM_WORDS.test(at.message) && !CLAIMS.test(at.message)) return true;
  }
  return false;
}
