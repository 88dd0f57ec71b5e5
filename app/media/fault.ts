import { AppError } from '../http/errors.ts';
import { ERROR_STATUS } from '../http/errors.schema.ts';
import { isFull } from '../util/disk-full.ts';
import { FfmpegError } from './ffmpeg/run.ts';

/**
 * The cause of a failure to open or convert a file.
 *
 * - `file`: the file is damaged or of the wrong kind. An upload answers 422; a stage fails for
 * good.
 * - `limit`: the file exceeds a limit. An upload answers 422 with the limit; a stage fails for
 * good.
 * - `server`: a disk, memory, a program or a connection is missing. An upload answers 503; a stage
 * is retried.
 * - `crash`: a program ended while it processed the file. It is the file's fault if the program
 * works otherwise.
 */
export type Fault = 'file' | 'limit' | 'server' | 'crash';

/**
 * System error codes that say nothing about a file's content. `isFull` knows those of a full disk.
 */
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

/** The same errors in the words of sharp, libvips and the C library, which give no code. */
const SYSTEM_WORDS =
  /out of memory|cannot allocate memory|memory allocation|too many open files|no space left|disk quota exceeded|input file is missing|unable to open for|permission denied/i;

/** libheif refuses a file by its claims, and calls that a memory allocation error, too. */
const CLAIMS = /security limit exceeded/i;

/**
 * Classifies an error; see {@link Fault}. Only this function decides. Any complaint of a decoder
 * about a file is the file's fault.
 */
export function faultOf(error: unknown): Fault {
  if (error instanceof AppError) return ofAnswer(error);
  if (error instanceof FfmpegError) return OF_FFMPEG[error.reason];
  return isSystem(error) ? 'server' : 'file';
}

/** Tells whether the same file will fail the same way on every try. */
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
