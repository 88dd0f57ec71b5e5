import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pack, type Pack } from 'tar-stream';

type Sink = ReturnType<Pack['entry']>;

export interface ArchiveWriter {
  /** Writes a member of one line of JSON. */
  line(name: string, value: unknown): Promise<void>;
  /** Writes a member of one line per value. */
  lines(name: string, values: readonly unknown[]): Promise<void>;
  /**
   * Streams a member of exactly `size` bytes and returns their SHA-256. Always destroys the stream.
   * Throws for more or fewer bytes.
   */
  file(name: string, size: number, bytes: Readable): Promise<string>;
  /** Ends the archive and waits until everything is written. */
  end(): Promise<void>;
  /** Abandons the archive; the written bytes are useless. */
  abort(): void;
}

/** Writes a tar into `out` and respects its backpressure. Every method throws when `out` fails. */
export function createArchiveWriter(out: Writable, time: Date): ArchiveWriter {
  const tar = pack();
  const written = pipeline(tar, out);
  // Every pending wait rejects when the output fails.
  const broken = written.then(() => new Promise<never>(() => {}));
  broken.catch(() => {});

  async function member(name: string, size: number, fill: (entry: Sink) => Promise<void>): Promise<void> {
    const headers = { name, size, mtime: time, mode: 0o644, type: 'file' as const };
    let entry: Sink | undefined;
    const stored = new Promise<void>((done, failed) => {
      entry = tar.entry(headers, (error) => (error ? failed(error) : done()));
      entry.on('error', failed);
    });
    // The code below awaits it, or reports another failure first.
    stored.catch(() => {});
    // The archive is abandoned; if the output failed, report its error.
    if (!entry) return Promise.race([broken, stored]);
    await Promise.race([fill(entry), broken]);
    entry.end(null);
    await Promise.race([stored, broken]);
  }

  const text = (name: string, content: string) => {
    const bytes = Buffer.from(content);
    return member(name, bytes.length, async (entry) => void entry.write(bytes));
  };

  return {
    line: (name, value) => text(name, `${JSON.stringify(value)}\n`),
    lines: (name, values) => text(name, values.map((value) => `${JSON.stringify(value)}\n`).join('')),

    async file(name, size, bytes) {
      const hash = createHash('sha256');
      let count = 0;
      try {
        await member(name, size, async (entry) => {
          for await (const chunk of bytes) {
            count += chunk.length;
            if (count > size) break;
            hash.update(chunk);
            if (!entry.write(chunk)) await Promise.race([once(entry, 'drain'), broken]);
          }
          if (count !== size) throw new Error(`${name} is not of ${size} bytes`);
        });
      } finally {
        // The output may break while the source is silent or unread.
        bytes.destroy();
      }
      return hash.digest('hex');
    },

    async end() {
      tar.finalize();
      await written;
    },

    abort: () => tar.destroy(),
  };
}
