import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/**
 * Writes a stream to a new file. Rejects when the stream breaks off or `gone` aborts, and closes
 * both.
 *
 * @param path must not exist
 */
export const streamToFile = (source: Readable, path: string, gone?: AbortSignal): Promise<void> =>
  pipeline(source, createWriteStream(path, { flags: 'wx' }), gone ? { signal: gone } : {});
