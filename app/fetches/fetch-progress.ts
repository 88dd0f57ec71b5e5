import type { Logger } from 'pino';
import type { Database } from '../db/client.ts';
import { updateFetch, type FetchRun } from './fetches.repository.ts';

/** Time between two looks at the row of a running fetch. */
const LOOK_MS = 1000;

/** The progress of one run, written to its row from time to time. */
export interface FetchProgress extends AsyncDisposable {
  note(received: number, total: number | null): void;
  /**
   * Aborted when the row is no longer that of this run: the user has given up the fetch.
   */
  readonly gone: AbortSignal;
}

/**
 * Writes progress and notices a fetch that was given up, also by another process. Without a
 * database it writes nothing, and goes on.
 */
export function createFetchProgress(db: Database, run: FetchRun, logger: Logger): FetchProgress {
  const control = new AbortController();
  let now: { received_size: number; total_size: number | null } = { received_size: 0, total_size: null };
  let writing: Promise<void> | null = null;

  async function write(): Promise<void> {
    try {
      if (!(await updateFetch(db, run, now))) control.abort(new Error('The fetch was given up.'));
    } catch (err) {
      logger.warn({ err }, 'the progress of a fetch cannot be written');
    } finally {
      writing = null;
    }
  }

  const timer = setInterval(() => {
    writing ??= write();
  }, LOOK_MS);
  timer.unref();

  return {
    gone: control.signal,
    note(received, total) {
      now = { received_size: received, total_size: total };
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await writing;
    },
  };
}
