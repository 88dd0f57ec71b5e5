import { sha256 } from '@noble/hashes/sha2.js';
import { toHex } from './hex.ts';

/** Bytes read per step, so that a large file is never in memory as a whole. */
const HASH_CHUNK_BYTES = 4_000_000;

/** Receives one file and posts its SHA-256 in hexadecimal, or null if it cannot be read. */
globalThis.addEventListener('message', ({ data }: MessageEvent<File>) => {
  hashOf(data).then(
    (hash) => globalThis.postMessage(hash),
    () => globalThis.postMessage(null),
  );
});

async function hashOf(file: File): Promise<string> {
  const hash = sha256.create();
  for (let at = 0; at < file.size; at += HASH_CHUNK_BYTES)
    hash.update(new Uint8Array(await file.slice(at, at + HASH_CHUNK_BYTES).arrayBuffer()));
  return toHex(hash.digest());
}
