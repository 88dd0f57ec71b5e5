import type { Readable } from 'node:stream';

/**
 * Creates a web stream of bytes for a response, pulled chunk by chunk. A reader that cancels
 * destroys the source at once, even while a chunk is awaited or before the first one.
 */
export function webStream(body: Readable): ReadableStream<Uint8Array> {
  let gone = false;
  // An error before the first pull is told to the reader then.
  body.on('error', () => {});
  const chunks: AsyncIterator<Uint8Array> = body[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (gone) return;
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel() {
        gone = true;
        body.destroy();
      },
    },
    { highWaterMark: 0 },
  );
}
