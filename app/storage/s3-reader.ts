import { Readable } from 'node:stream';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { ByteRange } from './storage.ts';
import { isMissing, wrap } from './s3-errors.ts';

/** Maximum connections of one read. */
const MAX_TRIES = 5;

/**
 * Creates the function that reads an object of a bucket, or a range of it. A read goes on after a
 * broken connection. It returns `null` if the object is missing.
 */
export function createS3Reader(client: S3Client, Bucket: string) {
  /** Returns `null` if the object is missing. */
  async function open(
    Key: string,
    range?: ByteRange | { start: number },
    abortSignal?: AbortSignal,
  ): Promise<Readable | null> {
    const Range = range && `bytes=${range.start}-${'end' in range ? range.end : ''}`;
    try {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, Range }), { abortSignal });
      if (!(Body instanceof Readable)) throw new Error('The answer has no body.');
      return Body;
    } catch (error) {
      if (isMissing(error)) return null;
      throw wrap(error, `cannot read ${Key}`);
    }
  }

  /** Yields all bytes, even when connections break: a new one resumes at the last byte. */
  async function* bytes(
    key: string,
    first: Readable,
    range: ByteRange | undefined,
    gone: AbortSignal,
  ): AsyncGenerator<Buffer, void> {
    let position = range?.start ?? 0;
    let body: Readable | null = first;
    gone.addEventListener('abort', () => body?.destroy());
    for (let attempt = 1; ; attempt++) {
      try {
        for await (const chunk of body) {
          position += chunk.length;
          yield chunk;
        }
        return;
      } catch (error) {
        body.destroy();
        if (gone.aborted) return;
        if (attempt >= MAX_TRIES) throw wrap(error, `cannot read ${key} to its end`);
        if (range && position > range.end) return;
        body = await open(key, { start: position, ...(range && { end: range.end }) }, gone);
        if (!body) throw wrap(error, `${key} was deleted while it was read`);
      }
    }
  }

  return async (key: string, range?: ByteRange): Promise<Readable | null> => {
    const first = await open(key, range);
    return first && readableOf(first, (gone) => bytes(key, first, range, gone));
  };
}

/**
 * Creates a stream from a generator. Its `destroy` ends the connection at once. `Readable.from`
 * would wait for the generator's next chunk, and leave an unread `first` open.
 */
function readableOf(first: Readable, chunksUntil: (gone: AbortSignal) => AsyncIterator<Buffer>): Readable {
  const gone = new AbortController();
  // A connection that breaks before the first read is told by the read.
  first.on('error', () => {});
  const chunks = chunksUntil(gone.signal);
  return new Readable({
    read() {
      chunks.next().then(
        ({ done, value }) => this.push(done === true ? null : value),
        (error: unknown) => this.destroy(error instanceof Error ? error : new Error(String(error))),
      );
    },
    destroy(error, done) {
      first.destroy();
      gone.abort();
      done(error);
    },
  });
}
