import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely, Transaction } from 'kysely';

/**
 * PostgreSQL ended the transaction because of another one, and undid all of it:
 * https://www.postgresql.org/docs/current/mvcc-serialization-failure-handling.html
 */
const CONFLICTS = new Set([
  '40001', // serialization_failure
  '40P01', // deadlock_detected
]);

/** How often a transaction is tried at most. A deadlock takes the server 1 s to see, so all tries take some 10 s. */
export const MAX_TRIES = 8;
const FIRST_PAUSE_MS = 10;
const MAX_PAUSE_MS = 500;

/** Whether another transaction stood in the way, so that the same one may succeed at another time. */
export const isConflict = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && CONFLICTS.has(String(error.code));

/**
 * Runs `work` in one transaction, and again after a deadlock or a serialization failure: at most {@link MAX_TRIES} times,
 * with growing random pauses. Every transaction of the app comes through here; a test holds that.
 *
 * `work` may therefore run several times. It changes the database through `trx` only, and returns what the caller counts or
 * keeps; it stores no object, sends nothing and adds to no variable outside. The order of locks (docs/database.md) makes a
 * deadlock unlikely; this is for what nobody thought of.
 *
 * A connection that breaks is not tried again: its commit may have gone through unheard, and doing the work twice is not
 * safe for every caller. Errors: those of `work`; the last conflict after the last try, which the API answers with 503.
 */
export async function inTransaction<DB, Result>(
  db: Kysely<DB>,
  work: (trx: Transaction<DB>) => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      if (!isConflict(error) || attempt === MAX_TRIES) throw error;
    }
    await sleep(pauseMs(attempt));
  }
}

/** Random, so that those who collided do not meet again at the same moment. */
const pauseMs = (attempt: number): number =>
  Math.random() * Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);
