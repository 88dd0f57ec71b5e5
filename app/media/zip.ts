import type { Readable } from 'node:stream';
import { makeZip, predictLength } from 'client-zip';
import type { Storage } from '../storage/storage.ts';

/** A file to pack: its name in the archive, its object, its size in bytes and its creation time. */
export interface ZipEntry {
  name: string;
  key: string;
  size: number;
  at: Date;
}

export interface Zip {
  /** Exact size in bytes: an archive that ends before it is truncated. */
  size: bigint;
  body: ReadableStream<Uint8Array>;
}

/**
 * Creates an archive of stored objects while it is read.
 *
 * One object is open at a time, and only names are kept, so memory does not depend on sizes.
 * Entries are stored uncompressed, because pictures and videos are compressed already. Large sizes
 * use Zip64; names are UTF-8. Cancelling the stream closes the current object. The stream fails if
 * an object is missing or has another size.
 */
export function zipOf(storage: Pick<Storage, 'read'>, entries: readonly ZipEntry[]): Zip {
  let open: Readable | null = null;
  let gone = false;

  async function* contentOf({ key, size }: ZipEntry): AsyncGenerator<Uint8Array> {
    open = await storage.read(key);
    if (!open) throw new Error(`The object ${key} is missing.`);
    // The reader may have disconnected while the object was being opened.
    if (gone) open.destroy();
    let bytes = 0;
    const chunks: AsyncIterable<Uint8Array> = open;
    for await (const chunk of chunks) {
      bytes += chunk.length;
      yield chunk;
    }
    if (bytes !== size) throw new Error(`The object ${key} has ${bytes} bytes instead of ${size}.`);
  }

  const files = function* files() {
    for (const entry of entries)
      yield { name: entry.name, lastModified: entry.at, size: entry.size, input: contentOf(entry) };
  };
  // The packer opens its first object at once, so create it at the first read.
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;

  return {
    size: predictLength(entries.map(({ name, size }) => ({ name, size }))),
    body: new ReadableStream(
      {
        async pull(controller) {
          reader ??= makeZip(files()).getReader();
          const { done, value } = await reader.read();
          if (gone) return;
          if (done) controller.close();
          else controller.enqueue(value);
        },
        cancel() {
          gone = true;
          open?.destroy();
        },
      },
      { highWaterMark: 0 },
    ),
  };
}
