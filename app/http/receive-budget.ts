import { AppError } from './errors.ts';

export interface ReceiveBudgetOptions {
  /** Bytes that all uploads together may hold. */
  capacity: number;
  /**
   * Least speed of an upload that holds bytes while another person waits: `minBytes` in each
   * `windowMs`.
   */
  contended: { windowMs: number; minBytes: number };
}

/** The part of the budget that one upload holds, from its first byte until its file is removed. */
export interface Share extends Disposable {
  /** Waits until `bytes` more fit. Rejects after the share was released or has given way. */
  take(bytes: number): Promise<void>;
  /** Reports that all bytes have come: the upload no longer depends on its client. */
  received(): void;
  /** Aborted with an {@link AppError} when a slow upload gives way to a waiting person. */
  readonly signal: AbortSignal;
}

export interface ReceiveBudget {
  /**
   * Opens a share that holds nothing yet.
   *
   * @param person the uploader: only other people's uploads give way to this one
   * @param claim the most bytes that the share will ever take
   */
  open(person: string, claim: number): Share;
  /** Bytes held, number of open shares, and number of uploads that wait. */
  usage(): { held: number; shares: number; waiting: number };
}

/** Granted ahead of the received bytes, so that not every chunk has to ask. */
const QUANTUM_BYTES = 256 * 1024;

interface Entry {
  person: string;
  claim: number;
  held: number;
  used: number;
  receiving: boolean;
  waiting: { go: () => void; fail: (error: unknown) => void } | null;
  /** Turn counter at the moment the entry began to wait. */
  turn: number;
  /**
   * Bytes received in this window of a contended budget. `null` for an upload that waited or opened
   * in it: its speed is not known.
   */
  moved: number | null;
  control: AbortController;
}

/**
 * Bounds the bytes of all running uploads.
 *
 * Bytes are granted as they arrive, so a silent client holds nothing. A grant is made only if every
 * upload can still finish in some order (Dijkstra's banker's algorithm). Running uploads therefore
 * never deadlock, and a small upload passes large ones. The person with fewer bytes comes first,
 * then the one served longer ago. While a person waits, further uploads of people who hold more
 * wait too. Slow uploads of others give way: their clients are told to try again.
 */
export function createReceiveBudget({ capacity, contended }: ReceiveBudgetOptions): ReceiveBudget {
  const entries = new Set<Entry>();
  let free = capacity;
  let turns = 0;
  /** Person → turn counter at the last grant, for each person with an upload. */
  const served = new Map<string, number>();
  let watch: NodeJS.Timeout | null = null;

  const portionOf = (entry: Entry) =>
    Math.min(Math.max(QUANTUM_BYTES, entry.used - entry.held), entry.claim - entry.held);

  /** Tells whether all uploads could still finish, one after the other, after this grant. */
  function isSafe(asking: Entry, bytes: number): boolean {
    let available = free - bytes;
    if (available < 0) return false;
    const after = [...entries].map((entry) => {
      const held = entry.held + (entry === asking ? bytes : 0);
      return { held, need: entry.receiving ? entry.claim - held : 0 };
    });
    for (const { held, need } of after.toSorted((a, b) => a.need - b.need)) {
      if (need > available) return false;
      available += held;
    }
    return true;
  }

  /**
   * Tells whether the entry holds nothing yet while another person, who holds less, waits. Such an
   * entry waits too: a person who opens one stalling upload after another would else keep the
   * others out. It blocks nobody, so uploads still never wait for each other for ever.
   */
  function isOutranked(entry: Entry): boolean {
    if (entry.held > 0) return false;
    const held = heldBy(entry.person);
    return [...entries].some(
      ({ person, waiting }) => waiting !== null && person !== entry.person && heldBy(person) < held,
    );
  }

  function grant(entry: Entry): boolean {
    const bytes = portionOf(entry);
    if (isOutranked(entry) || !isSafe(entry, bytes)) return false;
    entry.held += bytes;
    free -= bytes;
    served.set(entry.person, ++turns);
    return true;
  }

  function heldBy(person: string): number {
    let held = 0;
    for (const entry of entries) if (entry.person === person) held += entry.held;
    return held;
  }

  function serve(): void {
    const waiting = [...entries].filter((entry) => entry.waiting !== null);
    const order = waiting
      .map((entry) => ({ entry, held: heldBy(entry.person), last: served.get(entry.person) ?? 0 }))
      .toSorted((a, b) => a.held - b.held || a.last - b.last || a.entry.turn - b.entry.turn);
    for (const { entry } of order) {
      if (!grant(entry)) continue;
      entry.waiting?.go();
      entry.waiting = null;
      entry.moved = null;
    }
    watchWhileContended();
  }

  function watchWhileContended(): void {
    const isContended = [...entries].some((entry) => entry.waiting !== null);
    if (isContended && watch === null) {
      for (const entry of entries) entry.moved = 0;
      watch = setInterval(askToGiveWay, contended.windowMs);
      watch.unref();
    } else if (!isContended && watch !== null) {
      clearInterval(watch);
      watch = null;
    }
  }

  function askToGiveWay(): void {
    const waiting = [...entries].filter((entry) => entry.waiting !== null);
    for (const entry of entries) {
      const slow = entry.moved !== null && entry.moved < contended.minBytes;
      entry.moved = 0;
      if (!slow || !entry.receiving || entry.waiting !== null || entry.held === 0) continue;
      if (waiting.some(({ person }) => person !== entry.person)) entry.control.abort(gaveWay());
    }
  }

  function close(entry: Entry): void {
    if (!entries.delete(entry)) return;
    free += entry.held;
    if (![...entries].some(({ person }) => person === entry.person)) served.delete(entry.person);
    entry.waiting?.fail(new Error('The upload has ended.'));
    entry.waiting = null;
    serve();
  }

  return {
    open(person, claim) {
      const entry: Entry = {
        person,
        claim: Math.min(claim, capacity),
        held: 0,
        used: 0,
        receiving: true,
        waiting: null,
        turn: 0,
        moved: null,
        control: new AbortController(),
      };
      entries.add(entry);
      return {
        signal: entry.control.signal,
        async take(bytes) {
          entry.control.signal.throwIfAborted();
          entry.used += bytes;
          if (entry.moved !== null) entry.moved += bytes;
          // A form is slightly larger than its file; no upload takes more than its claim.
          while (entry.used > entry.held && entry.held < entry.claim) {
            if (!entries.has(entry)) throw new Error('The upload has ended.');
            if (grant(entry)) continue;
            entry.turn = ++turns;
            await new Promise<void>((go, fail) => {
              entry.waiting = { go, fail };
              watchWhileContended();
            });
          }
        },
        received() {
          entry.receiving = false;
          serve();
        },
        [Symbol.dispose]: () => close(entry),
      };
    },
    usage: () => ({
      held: capacity - free,
      shares: entries.size,
      waiting: [...entries].filter((entry) => entry.waiting !== null).length,
    }),
  };
}

const gaveWay = () =>
  new AppError('unavailable', 'The upload was too slow while others waited. Try again in a moment.', {
    cause: new Error('A slow upload gave way.'),
  });
