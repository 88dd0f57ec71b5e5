import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pack, type Pack } from 'tar-stream';

type Sink = ReturnType<Pack['entry']>;

export interface ArchiveWriter {
  /** A member of one line of JSON. */
  line(name: string, value: unknown): Promise<void>;
  /** A member of one line per value. */
  lines(name: string, values: readonly unknown[]): Promise<void>;
  /** A member of exactly `size` bytes, streamed, and destroyed in any case; answers their SHA-256. Throws when there are more or fewer. */
  file(name: string, size: number, bytes: Readable): Promise<string>;
  /** Ends the archive and waits until everything is written. */
  end(): Promise<void>;
  /** Gives up; what was written is of no use. */
  abort(): void;
}

/** Writes a tar into `out`, as fast as that takes it. Any method throws when `out` fails. */
export function createArchiveWriter(out: Writable, time: Date): ArchiveWriter {
  const tar = pack();
  const written = pipeline(tar, out);
  // A failure of the output shows in whatever waits for it.
  const broken = written.then(() => new Promise<never>(() => {}));
  broken.catch(() => {});

  async function member(name: string, size: number, fill: (entry: Sink) => Promise<void>): Promise<void> {
    const headers = { name, size, mtime: time, mode: 0o644, type: 'file' as const };
    let entry: Sink | undefined;
    const stored = new Promise<void>((done, failed) => {
      entry = tar.entry(headers, (error) => (error ? failed(error) : done()));
      entry.on('error', failed);
    });
    stored.catch(() => {}); // waited for below, or another failure is told first
    // Given up already: with the reason of the output, if it is that.
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
        // The output may break while the source is silent, or before it is read at all.
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
