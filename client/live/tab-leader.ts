import type { News } from './news.ts';

/** Name of the lock and of the channel. The tab that holds the lock has the stream. */
const NAME = 'meemikansio-live';
/** Longest wait for the leading tab's answer, in milliseconds. A frozen tab does not answer. */
const ANSWER_MS = 3000;

/** A message between the tabs about the stream. */
export type LiveMessage =
  /** A tab asks the leading tab whether it has events. */
  | { is: 'ask' }
  /** Whether the leading tab gets events. */
  | { is: 'stream'; up: boolean }
  | { is: 'news'; news: News };

/** The part of Web Locks that the tabs use. */
export interface Locks {
  request(name: string, options: LockOptions, hold: () => Promise<void>): Promise<unknown>;
}

/** The parts of the browser that the tabs share. Insecure pages have no locks. */
export interface TabShare {
  locks: Locks | undefined;
  /** Opens the channel to the other tabs, if the browser has channels. */
  openChannel: ((name: string) => BroadcastChannel) | undefined;
}

export interface TabLeaderProps {
  share: TabShare;
  /** The stream of this tab, which runs while the tab leads. */
  stream: { start(): void; stop(): void };
  onNews: (news: News) => void;
  /** Called when events begin to arrive in this tab from any tab's stream, and when they end. */
  onUp: (up: boolean) => void;
}

/**
 * Shares one stream between the tabs of a browser. A tab that joins waits for the lock. Its holder
 * runs the stream and tells the others. Without locks or channels, each tab has a stream.
 */
export function createTabLeader({ share, stream, onNews, onUp }: TabLeaderProps) {
  const { locks, openChannel } = share;
  let channel: BroadcastChannel | undefined;
  let joined = false;
  let leads = false;
  let up = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let turn = 0;
  /** Ends the request for the lock, or the hold of it. */
  let giveUp = () => {};

  const others = () => channel;
  const post = (message: LiveMessage) => others()?.postMessage(message);
  const setUp = (next: boolean) => {
    if (next === up) return;
    up = next;
    onUp(next);
  };

  const hear = ({ data }: MessageEvent<LiveMessage>) => {
    if (data.is === 'ask') {
      if (leads) post({ is: 'stream', up });
      return;
    }
    if (leads) return;
    clearTimeout(timer);
    if (data.is === 'stream') setUp(data.up);
    else onNews(data.news);
  };

  const lead = () => {
    clearTimeout(timer);
    leads = true;
    setUp(false);
    stream.start();
  };
  const endLead = () => {
    if (!leads) return;
    stream.stop();
    setUp(false);
    leads = false;
  };

  /** @param steal takes the lock from a tab that does not answer */
  function request(steal: boolean): void {
    giveUp();
    const mine = ++turn;
    if (!locks || !openChannel) {
      lead();
      giveUp = endLead;
      return;
    }
    const waiting = new AbortController();
    const held = Promise.withResolvers<void>();
    giveUp = () => {
      waiting.abort();
      if (leads) post({ is: 'stream', up: false });
      endLead();
      held.resolve();
    };
    const hold = async () => {
      if (mine !== turn || !joined) return;
      lead();
      await held.promise;
    };
    locks.request(NAME, steal ? { steal } : { signal: waiting.signal }, hold).catch((thrown: unknown) => {
      if (mine !== turn || waiting.signal.aborted) return;
      endLead();
      if (!joined) return;
      // Another tab got no answer from this one and has taken the lock.
      if (thrown instanceof DOMException && thrown.name === 'AbortError') request(false);
      // The browser refuses locks here.
      else lead();
    });
  }

  return {
    isUp: () => up,
    /** Tells the other tabs what the stream of this tab says. */
    tell(news: News): void {
      if (leads) post({ is: 'news', news });
    },
    /** Called by the stream of this tab. */
    streamIsUp(next: boolean): void {
      if (!leads) return;
      setUp(next);
      post({ is: 'stream', up: next });
    },
    /** Follows the stream, or leads. */
    join(): void {
      if (joined) return;
      joined = true;
      if (openChannel && !channel) {
        channel = openChannel(NAME);
        channel.addEventListener('message', hear);
      }
      request(false);
      this.check();
    },
    /** Asks whether the leading tab is there, and takes its place if it does not answer. */
    check(): void {
      if (!joined || leads || !locks || !channel) return;
      clearTimeout(timer);
      timer = setTimeout(() => joined && !leads && request(true), ANSWER_MS);
      post({ is: 'ask' });
    },
    /** Lets another tab lead. This tab still hears what the others tell. */
    leave(): void {
      joined = false;
      clearTimeout(timer);
      giveUp();
      giveUp = () => {};
    },
    /** Leaves and hears nothing more. */
    close(): void {
      this.leave();
      channel?.close();
      channel = undefined;
    },
  };
}
