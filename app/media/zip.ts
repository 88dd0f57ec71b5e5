import type { Readable } from 'node:stream';
import { makeZip, predictLength } from 'client-zip';
import type { Storage } from '../storage/storage.ts';

/** A file to pack: its name in the archive, the object it is, its size in bytes and when it was added. */
export interface ZipEntry {
  name: string;
  key: string;
  size: number;
  at: Date;
}

export interface Zip {
  /** Exactly, in bytes: an archive that ends before it broke on the way. */
  size: bigint;
  body: ReadableStream<Uint8Array>;
}

/**
 * An archive of stored objects, made while it is read: one object is open at a time and nothing is kept but the names, so
 * memory does not depend on sizes. Pictures and videos are compressed already, so they are stored as they are. Zip64 where
 * sizes ask for it; names are UTF-8. Cancelling the stream closes the object that is being read or opened. The stream fails when
 * an object is missing or of another size than said.
 */
export function zipOf(storage: Storage, entries: readonly ZipEntry[]): Zip {
  let open: Readable | null = null;
  let gone = false;

  async function* contentOf({ key, size }: ZipEntry): AsyncGenerator<Uint8Array> {
    open = await storage.read(key);
    if (!open) throw new Error(`The object ${key} is missing.`);
    // The reader may have gone while the object was being opened.
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
  // The packer opens its first object when it is made, so it is made when somebody reads.
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
