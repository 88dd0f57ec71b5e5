import { ApiError } from '../api/errors.ts';
import { toHex } from './hex.ts';

/** Up to here the browser's own function is quickest, which takes a file whole. In bytes. */
const MAX_WHOLE_FILE_BYTES = 8_000_000;

/**
 * SHA-256 of a file in hexadecimal. A large file is read slice by slice in a worker, and so is any on a page that came
 * over plain HTTP, where browsers offer no function for it: the page stays quick and memory small.
 *
 * @throws {ApiError} `unreadable_file` when the file cannot be read any more, `cancelled` when aborted.
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
