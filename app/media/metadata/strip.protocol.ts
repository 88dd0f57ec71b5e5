import type { Format } from '../formats/sniff.ts';
import type { StrippedFile } from './strip-metadata.ts';

/** A file to clean: where it is, what it is, and where a changed copy goes. */
export interface StripRequest {
  path: string;
  format: Exclude<Format, 'heic'>;
  target: string;
}

/**
 * How it went. `malformed`: the file is damaged. `complex`: it passes a limit, which the message names. `failed`: our own
 * trouble; `code` is that of a system call, `stack` for the log.
 */
export type CleanReply =
  | { stripped: StrippedFile }
  | { malformed: string }
  | { complex: string }
  | { failed: string; code?: string; stack?: string };
