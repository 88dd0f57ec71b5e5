import { toHex } from './hex.ts';
import { lookOf } from './look.ts';
import { sha256 } from './sha256.ts';

/** The hashes of a file, in hexadecimal. */
export interface FileHashes {
  sha256: string;
  /** Perceptual hashes; none of a file that is left to the server. */
  look: readonly string[];
}

/** Receives one file and posts its hashes, or null if it cannot be read. */
globalThis.addEventListener('message', ({ data }: MessageEvent<File>) => {
  hashesOf(data).then(
    (hashes) => globalThis.postMessage(hashes),
    () => globalThis.postMessage(null),
  );
});

async function hashesOf(file: File): Promise<FileHashes> {
  const [hash, look] = await Promise.all([sha256(file), lookOf(file)]);
  return { sha256: hash, look: look.map(toHex) };
}
