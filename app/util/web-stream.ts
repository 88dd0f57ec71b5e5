import type { Readable } from 'node:stream';

/**
 * Creates a web stream of bytes for a response, pulled chunk by chunk. A reader that cancels
 * destroys the source at once, even while a chunk is awaited. A source that is still opening is
 * destroyed as soon as it is open.
 *
 * @param open called at the first pull, so an unread stream opens nothing
 */
export function webStream(open: () => Promise<Readable>): ReadableStream<Uint8Array> {
  let source: Promise<{ body: Readable; chunks: AsyncIterator<Uint8Array> }> | undefined;
  let gone = false;
  const begin = async () => {
    const body = await open();
    if (gone) body.destroy();
    return { body, chunks: body[Symbol.asyncIterator]() };
  };
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { chunks } = await (source ??= begin());
        const { done, value } = await chunks.next();
        if (gone) return;
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel() {
        gone = true;
        // The reader already got the error of a source that failed to open.
        source?.then(
          ({ body }) => body.destroy(),
          () => {},
        );
      },
    },
    { highWaterMark: 0 },
  );
}
