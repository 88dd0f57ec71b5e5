import type { Logger } from 'pino';
import type { Database } from '../db/client.ts';
import type { ChangeSignal } from './change-signal.ts';
import { eventId, snapshotOf } from './event-id.ts';
import { deleteOldChanges, readChanges, readSnapshot, type Changes } from './events.repository.ts';
import { createSubscription, type Subscription } from './subscription.ts';

/** Age in seconds up to which a client can catch up; then it reloads. */
export const CATCH_UP_SECONDS = 30 * 60;
/** Age in seconds at which the log forgets a change. The rest is for slow transactions. */
const LOG_SECONDS = 2 * CATCH_UP_SECONDS;
const PRUNE_EVERY_MS = 10 * 60 * 1000;
/** A browser needs one stream; more of a user end the oldest. */
const MAX_STREAMS_PER_USER = 12;

export interface Events {
  /**
   * Opens a stream of changes for a user. The caller ends it.
   *
   * @param lastId id of the last event that the client got
   * @returns the stream, its first id (none at the end of the process), and whether it continues
   *   after `lastId`
   */
  subscribe(
    userId: string,
    lastId: string | undefined,
  ): Promise<{ subscription: Subscription; id: string | null; caughtUp: boolean }>;
  /** Ends a stream. */
  unsubscribe(subscription: Subscription): void;
  /** Ends every stream; new ones end at once. */
  close(): void;
}

export interface EventsDeps {
  db: Database;
  logger: Logger;
  openSignal: () => ChangeSignal;
}

/** Deletes the entries of the change log that no client needs any more. */
export const pruneChanges = (db: Database): Promise<void> => deleteOldChanges(db, LOG_SECONDS);

/** The reader of the change log, while a stream is open. */
interface Reader {
  /** Resolves after the first try to find the position to read from. */
  ready: Promise<void>;
  stop(): void;
}

/**
 * Reads the change log while at least one stream is open, and tells every stream. With no stream,
 * it uses neither a connection nor a timer, so that a container may sleep.
 */
export function createEvents({ db, logger, openSignal }: EventsDeps): Events {
  const streams = new Map<Subscription, string>();
  let closed = false;
  let reader: Reader | undefined;

  function startReader(): Reader {
    const signal = openSignal();
    const first = Promise.withResolvers<void>();
    const stopping = new AbortController();
    const own: Reader = {
      ready: first.promise,
      stop() {
        stopping.abort();
        if (reader === own) reader = undefined;
        signal.close().catch((err: unknown) => logger.warn({ err }, 'the event signal did not close'));
      },
    };
    void read();
    return own;

    async function read(): Promise<void> {
      let snapshot: string | null = null;
      let pruneAt = 0;
      let failed = false;
      while (!stopping.signal.aborted) {
        try {
          if (snapshot === null) {
            snapshot = await readSnapshot(db);
            // A stream that opened before this late start may have missed something.
            if (failed) tell([], true, snapshot);
          } else {
            const changes: Changes = await readChanges(db, snapshot);
            snapshot = changes.snapshot;
            tell(changes.ids, changes.many, snapshot);
          }
          if (Date.now() > pruneAt) {
            pruneAt = Date.now() + PRUNE_EVERY_MS;
            await pruneChanges(db);
          }
        } catch (err) {
          failed = true;
          // The next read gets what this one missed.
          logger.warn({ err }, 'changes could not be read');
        }
        first.resolve();
        await signal.next();
      }
    }
  }

  function tell(ids: readonly string[], many: boolean, snapshot: string): void {
    for (const stream of streams.keys()) stream.push(ids, many, snapshot);
  }

  function unsubscribe(subscription: Subscription): void {
    subscription.end();
    if (streams.delete(subscription) && streams.size === 0) reader?.stop();
  }

  return {
    async subscribe(userId, lastId) {
      const subscription = createSubscription();
      if (closed) {
        subscription.end();
        return { subscription, id: null, caughtUp: true };
      }
      const own = [...streams].filter(([, owner]) => owner === userId);
      for (const [oldest] of own.slice(0, Math.max(0, own.length - MAX_STREAMS_PER_USER + 1)))
        unsubscribe(oldest);
      streams.set(subscription, userId);
      reader ??= startReader();
      try {
        // The reader's position lies before this read, so that nothing falls between the two.
        await reader.ready;
        const since = snapshotOf(lastId, CATCH_UP_SECONDS);
        const changes = since === null ? null : await readChanges(db, since);
        const snapshot = changes?.snapshot ?? (await readSnapshot(db));
        if (changes) subscription.push(changes.ids, changes.many, snapshot);
        return { subscription, id: eventId(snapshot), caughtUp: changes !== null };
      } catch (error) {
        unsubscribe(subscription);
        throw error;
      }
    },
    unsubscribe,
    close() {
      closed = true;
      for (const stream of streams.keys()) unsubscribe(stream);
    },
  };
}
