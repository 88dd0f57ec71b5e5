import { ApiError } from '../api/errors.ts';

/** Larger files are not read into memory for it: the server tells just as well, only later. In bytes. */
const LARGEST = 64_000_000;

/**
 * SHA-256 of a file in hexadecimal, or null where the browser has no way to compute it (a page that came over plain
 * HTTP) or the file is too large to be worth it.
 *
 * @throws {ApiError} `unreadable_file` when the file cannot be read any more.
 */
export async function fingerprint(file: File): Promise<string | null> {
  const hashable = file.size <= LARGEST && isSecureContext;
  const content = await (hashable ? file : file.slice(0, 1)).arrayBuffer().catch((cause: unknown) => {
    throw new ApiError('unreadable_file', { cause });
  });
  if (!hashable) return null;
  const hash = await crypto.subtle.digest('SHA-256', content);
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
