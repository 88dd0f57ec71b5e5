import { sha256 as createSha256 } from '@noble/hashes/sha2.js';
import { toHex } from './hex.ts';

/**
 * Maximum size for the browser's own function, which is the fastest but needs the whole file. In
 * bytes.
 */
const MAX_WHOLE_FILE_BYTES = 8_000_000;

/** Bytes read per step, so that a large file is never in memory as a whole. */
const HASH_CHUNK_BYTES = 4_000_000;

/**
 * Returns the SHA-256 of a file in hexadecimal. Large files are hashed in chunks, so that memory
 * stays small. So are all on plain HTTP, where browsers offer no hash function.
 */
export async function sha256(file: Blob): Promise<string> {
  if (file.size <= MAX_WHOLE_FILE_BYTES && isSecureContext)
    return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer())));
  const hash = createSha256.create();
  for (let at = 0; at < file.size; at += HASH_CHUNK_BYTES)
    hash.update(new Uint8Array(await file.slice(at, at + HASH_CHUNK_BYTES).arrayBuffer()));
  return toHex(hash.digest());
}
