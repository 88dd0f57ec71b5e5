import { AppError } from '../../http/errors.ts';
import { processEntry } from '../../util/process-entry.ts';
import { createThreadPool } from '../../util/thread-pool.ts';
import type { StrippedFile } from './strip-metadata.ts';
import type { CleanReply, StripRequest } from './strip.protocol.ts';

/** Strips metadata in worker threads, so that no file, however it is built, blocks a request. */
export interface MetadataStripper {
  /**
   * Removes the metadata of a file; see `stripMetadata`. Writes a changed file to `target`. Errors:
   * `broken_file`; `too_complex`, naming the limit; `unavailable` if the thread fails.
   *
   * @example
   * const stripped = await stripper.strip({ path, format: 'jpeg', target });
   */
  strip(request: StripRequest): Promise<StrippedFile>;
  /** Ends the threads. */
  stop(): Promise<void>;
}

/** With a second thread, one hostile file makes nobody wait. */
const MAX_THREADS = 2;
/** Includes writing a copy of the largest file, perhaps to a slow disk. */
const TIMEOUT_MS = 60_000;
/** The parts of a file at the limit take 40 MB of it (measured); megabytes of 2^20. */
const HEAP = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 16 };

export function createMetadataStripper(): MetadataStripper {
  const pool = createThreadPool<StripRequest, CleanReply>({
    entry: processEntry(import.meta, 'strip.worker'),
    size: MAX_THREADS,
    timeoutMs: TIMEOUT_MS,
    resourceLimits: HEAP,
  });
  return {
    stop: () => pool.stop(),
    async strip(request) {
      const reply = await pool.run(request).catch((cause: unknown) => {
        throw new AppError('unavailable', 'The file cannot be processed at the moment. Try again later.', {
          cause,
        });
      });
      if ('stripped' in reply) return reply.stripped;
      if ('complex' in reply) throw new AppError('too_complex', reply.complex);
      if ('malformed' in reply)
        throw new AppError('broken_file', 'The file is damaged or incomplete.', {
          cause: new Error(reply.malformed),
        });
      throw Object.assign(new Error(reply.failed), {
        code: reply.code,
        stack: reply.stack ?? reply.failed,
      });
    },
  };
}
