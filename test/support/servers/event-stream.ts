/** A server-sent event as a client reads it; a comment has no name. */
export interface StreamEvent {
  event: string | null;
  data: unknown;
  id: string | null;
}

export interface EventStream {
  /** Returns the next event that is not a comment; `null` at the end of the stream. */
  next(): Promise<StreamEvent | null>;
  /** Reads until an event names `id`. Throws at the end of the stream. */
  untilItem(id: string): Promise<StreamEvent>;
  /** Leaves the stream, as a closed tab does. */
  close(): Promise<void>;
}

/** Reads the body of an answer as server-sent events. */
export function readEvents(response: Response): EventStream {
  if (!response.body) throw new Error('The answer has no body.');
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = '';

  async function next(): Promise<StreamEvent | null> {
    for (;;) {
      const end = buffer.indexOf('\n\n');
      if (end >= 0) {
        const block = buffer.slice(0, end);
        buffer = buffer.slice(end + 2);
        const event = parse(block);
        if (event) return event;
        continue;
      }
      const { done, value } = await reader.read();
      if (done) return null;
      buffer += value;
    }
  }

  return {
    next,
    async untilItem(id) {
      for (let event = await next(); event; event = await next())
        if (event.event === 'items' && JSON.stringify(event.data).includes(id)) return event;
      throw new Error(`The stream ended before it named ${id}.`);
    },
    close: () => reader.cancel(),
  };
}

function parse(block: string): StreamEvent | null {
  const fields = new Map(
    block
      .split('\n')
      .filter((line) => !line.startsWith(':') && line !== '')
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trimStart()]),
  );
  const data = fields.get('data');
  if (data === undefined) return null;
  return { event: fields.get('event') ?? null, data: JSON.parse(data), id: fields.get('id') ?? null };
}
