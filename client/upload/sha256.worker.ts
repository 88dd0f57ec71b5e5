import { sha256 } from '@noble/hashes/sha2.js';
import { hexOf } from './hex.ts';

/** Read at once, in bytes: a hundred megabytes never lie in memory together. */
const SLICE = 4_000_000;

/** Takes one file, answers its SHA-256 in hexadecimal, or null when it cannot be read. */
globalThis.addEventListener('message', ({ data }: MessageEvent<File>) => {
  hashOf(data).then(
    (hash) => globalThis.postMessage(hash),
    () => globalThis.postMessage(null),
  );
});

async function hashOf(file: File): Promise<string> {
  const hash = sha256.create();
  for (let at = 0; at < file.size; at += SLICE)
    hash.update(new Uint8Array(await file.slice(at, at + SLICE).arrayBuffer()));
  return hexOf(hash.digest());
}
