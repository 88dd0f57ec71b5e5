import type { Logger } from 'pino';
import type { Database } from '../db/client.ts';
import { addOpens } from './opens.repository.ts';

/** The counts reach the database after this time at the latest. */
const FLUSH_AFTER_MS = 10_000;

export interface ShareOpens {
  /** Counts one opening of the share, in memory. */
  count(code: string): void;
  /** Writes every count. Throws if the database refuses; the counts then wait for the next time. */
  flush(): Promise<void>;
  /** Writes every count and stops the timer, at the end of the process. Logs a failure. */
  stop(): Promise<void>;
}

/** Counts of one share that are not written yet. */
export interface PendingOpens {
  opens: number;
  lastAt: Date;
}

/**
 * Counts openings in memory and writes them in batches, so that a share page costs no write. Counts
 * of the last seconds are lost when the process is killed.
 */
export function createShareOpens(
  db: Database,
  logger: Logger,
  { flushAfterMs = FLUSH_AFTER_MS }: { flushAfterMs?: number } = {},
): ShareOpens {
  let pending = new Map<string, PendingOpens>();
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  function add(code: string, { opens, lastAt }: PendingOpens): void {
    const before = pending.get(code);
    const later = before && before.lastAt > lastAt ? before.lastAt : lastAt;
    pending.set(code, { opens: (before?.opens ?? 0) + opens, lastAt: later });
  }

  async function write(): Promise<void> {
    const batch = pending;
    if (batch.size === 0) return;
    pending = new Map();
    try {
      await addOpens(db, batch);
    } catch (error) {
      for (const [code, counted] of batch) add(code, counted);
      throw error;
    }
  }

  /** Writes after a while, and again after a failure. */
  function schedule(): void {
    timer ??= setTimeout(() => {
      timer = undefined;
      opens.flush().catch((err: unknown) => {
        logger.warn({ err }, 'openings of shares are not counted yet');
        schedule();
      });
    }, flushAfterMs).unref();
  }

  const opens: ShareOpens = {
    count(code) {
      add(code, { opens: 1, lastAt: new Date() });
      schedule();
    },

    flush() {
      // One after the other: a failed batch returns before the next one is taken.
      const next = writing.then(write);
      writing = next.catch(() => {});
      return next;
    },

    async stop() {
      clearTimeout(timer);
      timer = undefined;
      await opens.flush().catch((err: unknown) => logger.warn({ err }, 'openings of shares are not counted'));
    },
  };
  return opens;
}
