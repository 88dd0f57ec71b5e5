import type { News } from './news.ts';

/**
 * Longest wait for the first event of a stream, in milliseconds. A proxy may hold events back. A
 * container that slept needs time to start.
 */
const HELLO_MS = 30_000;
/** Longest life of a stream, in milliseconds. The server ends one after 280 s. */
const LIFETIME_MS = 300_000;
/** First and longest mean pause before a failed stream is tried again, in milliseconds. */
const MIN_RETRY_MS = 2000;
const MAX_RETRY_MS = 5 * 60_000;

/** The part of an EventSource that the stream uses. */
export type EventSourceLike = Pick<EventSource, 'readyState' | 'close'> & EventTarget;
const CLOSED = 2;

export interface EventStreamProps {
  open: () => EventSourceLike;
  onNews: (news: News) => void;
  /** Called when events begin to arrive, and when they no longer do. */
  onUp: (up: boolean) => void;
  /** Called after a try that brought no event: the session may have ended. */
  onFailure: () => void;
  /** Random number from 0 to 1 that spreads the tries of many browsers. */
  random?: () => number;
}

/** Reads the ids of an `items` event. Any other shape is of a newer server. */
function readNews(data: unknown): News {
  try {
    const body: unknown = JSON.parse(String(data));
    if (typeof body === 'object' && body !== null && 'ids' in body && Array.isArray(body.ids))
      return body.ids.map(String);
  } catch {
    // Falls through: what cannot be read may name anything.
  }
  return 'all';
}

/** Whether a `hello` says that the stream continues the one before. */
const isCaughtUp = (data: unknown): boolean => /"caughtUp":\s*true/.test(String(data));

/**
 * A stream of changes that reconnects until it is stopped. The browser itself continues a stream
 * that the server ended, and so gets what it missed. Failed tries are repeated ever more slowly.
 */
export function createEventStream({ open, onNews, onUp, onFailure, random = Math.random }: EventStreamProps) {
  let source: EventSourceLike | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let started = false;
  let up = false;
  let failures = 0;

  const setUp = (next: boolean) => {
    if (next === up) return;
    up = next;
    onUp(next);
  };
  const close = () => {
    clearTimeout(timer);
    source?.close();
    source = undefined;
    setUp(false);
  };
  const expect = (within: number, act: () => void) => {
    clearTimeout(timer);
    timer = setTimeout(act, within);
  };

  function connect(): void {
    close();
    const own = open();
    source = own;
    expect(HELLO_MS, fail);
    const on = (type: string, act: (data: unknown) => void) =>
      own.addEventListener(type, (event) => {
        if (source === own) act(event instanceof MessageEvent ? event.data : undefined);
      });
    on('hello', (data) => {
      failures = 0;
      // A connection can be lost without notice, as after a sleep of the machine.
      expect(LIFETIME_MS, connect);
      setUp(true);
      if (!isCaughtUp(data)) onNews('all');
    });
    on('items', (data) => onNews(readNews(data)));
    on('all', () => onNews('all'));
    on('error', () => {
      const continues = up && own.readyState !== CLOSED;
      setUp(false);
      if (continues) expect(HELLO_MS, fail);
      else fail();
    });
  }

  function fail(): void {
    close();
    expect(Math.min(MIN_RETRY_MS * 2 ** failures, MAX_RETRY_MS) * (0.5 + random()), connect);
    failures += 1;
    onFailure();
  }

  return {
    isUp: () => up,
    start(): void {
      started = true;
      failures = 0;
      connect();
    },
    /** Tries at once, if it is started: the network or the machine is back. */
    restart(): void {
      if (!started) return;
      failures = 0;
      connect();
    },
    stop(): void {
      started = false;
      close();
    },
  };
}
