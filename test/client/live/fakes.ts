import type { EventSourceLike } from '../../../client/live/event-stream.ts';
import type { Locks } from '../../../client/live/tab-leader.ts';
import type { PageSignals } from '../../../client/live/wakefulness.ts';

/** A stream that the test answers. */
export class FakeSource extends EventTarget implements EventSourceLike {
  readyState = 0;

  close(): void {
    this.readyState = 2;
  }

  /** Sends an event of the server. */
  say(type: string, data: unknown = {}): void {
    this.readyState = 1;
    this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data) }));
  }

  /** Ends the stream. The browser reconnects, unless the answer was an error. */
  break(answer: 'end' | 'error' = 'end'): void {
    this.readyState = answer === 'end' ? 0 : 2;
    this.dispatchEvent(new Event('error'));
  }
}

/** Opens fake streams and lists them. */
export function fakeSources() {
  const sources: FakeSource[] = [];
  return {
    sources,
    open: () => {
      const source = new FakeSource();
      sources.push(source);
      return source;
    },
    last: (): FakeSource => {
      const source = sources.at(-1);
      if (!source) throw new Error('No stream was opened.');
      return source;
    },
    /** Number of streams that are not closed. */
    count: () => sources.filter(({ readyState }) => readyState !== 2).length,
  };
}

/** A page without a browser. */
export function fakePage() {
  const document = Object.assign(new EventTarget(), { hidden: false });
  const window = new EventTarget();
  const page: PageSignals = { document, window };
  return {
    page,
    use: (type = 'pointermove') => window.dispatchEvent(new Event(type)),
    setHidden: (hidden: boolean) => {
      document.hidden = hidden;
      document.dispatchEvent(new Event('visibilitychange'));
    },
    fire: (target: 'document' | 'window', type: string) => page[target].dispatchEvent(new Event(type)),
  };
}

/** Web Locks of one name, as tabs of a browser share them. */
export function fakeLocks(): Locks {
  interface Request {
    hold: () => Promise<void>;
    settle: PromiseWithResolvers<void>;
  }
  let holder: Request | undefined;
  const queue: Request[] = [];
  const aborted = () => new DOMException('aborted', 'AbortError');
  const grant = async (request: Request) => {
    holder = request;
    // The browser grants a lock in a later task.
    await Promise.resolve();
    await request.hold();
    request.settle.resolve();
    if (holder !== request) return;
    holder = undefined;
    next();
  };
  const next = () => {
    const request = holder ? undefined : queue.shift();
    if (request) void grant(request);
  };
  return {
    request(_, { steal, signal }, hold) {
      const own: Request = { hold, settle: Promise.withResolvers() };
      if (steal) {
        holder?.settle.reject(aborted());
        void grant(own);
      } else {
        queue.push(own);
        next();
      }
      signal?.addEventListener('abort', () => {
        const at = queue.indexOf(own);
        if (at === -1) return;
        queue.splice(at, 1);
        own.settle.reject(aborted());
      });
      return own.settle.promise;
    },
  };
}
