import type { Readable } from 'node:stream';

/**
 * A web stream of bytes for an answer, pulled chunk by chunk. When its reader goes away the source is destroyed at once: while a
 * chunk of it is awaited, and as soon as it is open where it is still being opened.
 * @param open called at the first pull, so a stream that nobody reads opens nothing
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
        // One that could not be opened has told its reader so.
        source?.then(
          ({ body }) => body.destroy(),
          () => {},
        );
      },
    },
    { highWaterMark: 0 },
  );
}
