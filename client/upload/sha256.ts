import { ApiError } from '../api/errors.ts';
import { toHex } from './hex.ts';

/**
 * Maximum size for the browser's own function, which is the fastest but needs the whole file. In
 * bytes.
 */
const MAX_WHOLE_FILE_BYTES = 8_000_000;

/**
 * Returns the SHA-256 of a file in hexadecimal. A worker hashes large files in chunks, so that the
 * page stays responsive and memory small. It also hashes all files on plain HTTP, where browsers
 * offer no hash function.
 *
 * @throws {ApiError} `unreadable_file` if the file can no longer be read, `cancelled` if aborted
 */
export async function sha256(file: File, signal: AbortSignal): Promise<string> {
  if (file.size > MAX_WHOLE_FILE_BYTES || !isSecureContext) return inWorker(file, signal);
  const content = await file.arrayBuffer().catch((cause: unknown) => {
    throw new ApiError('unreadable_file', { cause });
  });
  const hash = await crypto.subtle.digest('SHA-256', content);
  return toHex(new Uint8Array(hash));
}

function inWorker(file: File, signal: AbortSignal): Promise<string> {
  const worker = new Worker(new URL('./sha256.worker.ts', import.meta.url), { type: 'module' });
  return new Promise<string>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new ApiError('cancelled')), { once: true });
    worker.addEventListener('error', (cause) => reject(new ApiError('offline', { cause })));
    worker.addEventListener('message', ({ data }: MessageEvent<string | null>) => {
      if (data === null) reject(new ApiError('unreadable_file'));
      else resolve(data);
    });
    worker.postMessage(file);
  }).finally(() => worker.terminate());
}
