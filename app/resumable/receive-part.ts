import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { AppError } from '../http/errors.ts';
import type { Share } from '../http/receive-budget.ts';
import { SNIFF_BYTES } from '../media/formats/sniff.ts';

/** The bytes of a body, cut as the reader wants. */
export interface ByteSource {
  /**
   * Returns the next bytes, at most `max`; `null` at the end. Errors: `request_timeout` when the
   * connection breaks.
   */
  next(max: number): Promise<Buffer | null>;
}

/** Reads a body in pieces. Leaves it open, so that a refusal can still be answered. */
export function byteSource(body: Readable | null): ByteSource {
  const chunks = body?.iterator({ destroyOnReturn: false });
  let rest: Buffer = Buffer.alloc(0);
  return {
    async next(max) {
      while (rest.length === 0) {
        const result: IteratorResult<Uint8Array, undefined> | undefined = await chunks
          ?.next()
          .catch((cause: unknown) => {
            throw new AppError('request_timeout', 'The connection was lost.', { cause });
          });
        if (!result || result.done === true) return null;
        rest = Buffer.from(result.value);
      }
      const bytes = rest.subarray(0, max);
      rest = rest.subarray(max);
      return bytes;
    },
  };
}

/** A part that has come, up to the limit, the end of the body, or a failure. */
export interface ReceivedPart {
  byteSize: number;
  /** The first bytes. */
  head: Buffer;
  /** No further byte comes. */
  ended: boolean;
  /** The reason why the body ended early: a lost connection, or a share that gave way. */
  failure: AppError | null;
}

/**
 * Writes the next bytes of a body to the new file `path`, at most `maxBytes`. Each waits for its
 * grant. A failure of the body is part of the result, because the bytes before it count. A failure
 * of the disk is thrown.
 */
export async function receivePart(
  source: ByteSource,
  path: string,
  { maxBytes, share }: { maxBytes: number; share: Share },
): Promise<ReceivedPart> {
  await using file = await open(path, 'wx', 0o600);
  const gaveWay = rejectionOf(share.signal);
  const part: ReceivedPart = { byteSize: 0, head: Buffer.alloc(0), ended: false, failure: null };
  while (part.byteSize < maxBytes) {
    let bytes: Buffer | null;
    try {
      bytes = await Promise.race([source.next(maxBytes - part.byteSize), gaveWay]);
      if (bytes) await share.take(bytes.length);
    } catch (error) {
      if (error instanceof AppError) return { ...part, ended: true, failure: error };
      throw error;
    }
    if (bytes === null) return { ...part, ended: true };
    await file.writeFile(bytes);
    part.byteSize += bytes.length;
    if (part.head.length < SNIFF_BYTES)
      part.head = Buffer.concat([part.head, bytes]).subarray(0, SNIFF_BYTES);
  }
  return part;
}

/** Rejects when the signal aborts. Nobody needs to wait for it. */
function rejectionOf(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => {});
  signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  return promise;
}
