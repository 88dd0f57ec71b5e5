import { createEventStream, type EventSourceLike } from './event-stream.ts';
import { joinNews, type News } from './news.ts';
import { createTabLeader, type TabShare } from './tab-leader.ts';
import { createWakefulness, type PageSignals } from './wakefulness.ts';

/** Interval of the polling without a stream, and of the check of the leading tab, in ms. */
export const TICK_MS = 60_000;
/** Minimum time between two looks because the page is visible again, in milliseconds. */
const MIN_LOOK_MS = 10_000;
/** Difference of two clocks that means that the machine slept, in milliseconds. */
const GAP_MS = 30_000;

export interface LiveConnectionProps {
  page: PageSignals;
  share: TabShare;
  openStream: () => EventSourceLike;
  /** Called with what may have changed, while the page is visible. */
  onNews: (news: News) => void;
  /** Called when events begin to arrive, and when they no longer do. */
  onUp: (up: boolean) => void;
  /** Called when no stream is to be had: the session may have ended. */
  onFailure: () => void;
  random?: () => number;
}

/**
 * Tells what changes on the server: by the stream that the tabs of this browser share, else by
 * polling. It rests while nobody uses the page. A hidden page tells later what it heard.
 */
export function createLiveConnection(props: LiveConnectionProps) {
  const { document, window } = props.page;
  const listeners = new AbortController();
  const { signal } = listeners;
  let missed: News = [];
  let lookedAt = performance.now();
  let wall = Date.now();
  let tick: ReturnType<typeof setInterval> | undefined;
  let stopped = false;

  const tell = (news: News) => {
    if (document.hidden) missed = joinNews(missed, news);
    else props.onNews(news);
  };
  const look = () => {
    lookedAt = performance.now();
    missed = [];
    props.onNews('all');
  };
  const stream = createEventStream({
    open: props.openStream,
    onNews: (news) => {
      leader.tell(news);
      tell(news);
    },
    onUp: (up) => leader.streamIsUp(up),
    onFailure: props.onFailure,
    ...(props.random && { random: props.random }),
  });
  const leader = createTabLeader({ share: props.share, stream, onNews: tell, onUp: props.onUp });

  const onTick = () => {
    const gap = Date.now() - wall - TICK_MS;
    wall = Date.now();
    if (Math.abs(gap) > GAP_MS) stream.restart();
    leader.check();
    if (!leader.isUp() && !document.hidden) look();
  };
  const startTicks = () => {
    clearInterval(tick);
    wall = Date.now();
    tick = setInterval(onTick, TICK_MS);
  };

  const wakefulness = createWakefulness(props.page, (awake) => {
    if (awake) {
      leader.join();
      startTicks();
      look();
    } else {
      clearInterval(tick);
      leader.leave();
    }
  });
  const seen = () => {
    if (document.hidden) return;
    leader.check();
    const heard = missed;
    missed = [];
    if (performance.now() - lookedAt >= MIN_LOOK_MS) look();
    else if (heard.length > 0) props.onNews(heard);
  };
  document.addEventListener('visibilitychange', seen, { signal });
  window.addEventListener('focus', seen, { signal });
  window.addEventListener(
    'online',
    () => {
      stream.restart();
      seen();
    },
    { signal },
  );
  if (wakefulness.isAwake()) {
    leader.join();
    startTicks();
  }

  return {
    /** Tries the stream at once, and loads what was missed: the server is back. */
    restart(): void {
      if (stopped) return;
      stream.restart();
      if (!document.hidden) look();
    },
    stop(): void {
      stopped = true;
      listeners.abort();
      clearInterval(tick);
      wakefulness.stop();
      leader.close();
    },
  };
}
