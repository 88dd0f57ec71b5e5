import { ApiError } from '../api/errors.ts';
import type { FileHashes } from './file-hashes.worker.ts';

/**
 * Returns the hashes of a file. A worker makes them, so that the page stays responsive.
 *
 * @throws {ApiError} `unreadable_file` if the file can no longer be read, `cancelled` if aborted
 */
export function hashFile(file: File, signal: AbortSignal): Promise<FileHashes> {
  const worker = new Worker(new URL('./file-hashes.worker.ts', import.meta.url), { type: 'module' });
  return new Promise<FileHashes>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new ApiError('cancelled')), { once: true });
    worker.addEventListener('error', (cause) => reject(new ApiError('offline', { cause })));
    worker.addEventListener('message', ({ data }: MessageEvent<FileHashes | null>) => {
      if (data === null) reject(new ApiError('unreadable_file'));
      else resolve(data);
    });
    worker.postMessage(file);
  }).finally(() => worker.terminate());
}
