import type { Format } from '../formats/formats.limits.ts';
import type { StrippedFile } from './strip-metadata.ts';

/** A file to strip: its path, its format, and the path for a changed copy. */
export interface StripRequest {
  path: string;
  format: Format;
  target: string;
}

/**
 * Result of a request. `malformed`: the file is damaged. `complex`: it exceeds the limit that the
 * message names. `failed`: the fault is ours; `code` is that of a system call, `stack` is for the
 * log.
 */
export type CleanReply =
  | { stripped: StrippedFile }
  | { malformed: string }
  | { complex: string }
  | { failed: string; code?: string; stack?: string };
