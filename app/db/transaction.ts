import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely, Transaction } from 'kysely';

/**
 * Codes of a transaction that PostgreSQL rolled back because of another one:
 * https://www.postgresql.org/docs/current/mvcc-serialization-failure-handling.html
 */
const CONFLICTS = new Set([
  // serialization_failure
  '40001',
  // deadlock_detected
  '40P01',
]);

/**
 * Says that a row changed between two reads, so that the transaction must run again. It has the
 * code of a serialization failure.
 */
export class ConflictError extends Error {
  override readonly name = 'ConflictError';
  readonly code = '40001';
}

/**
 * Maximum number of tries. The server takes 1 s to detect a deadlock, so all tries take about 10 s.
 */
export const MAX_TRIES = 8;
const FIRST_PAUSE_MS = 10;
const MAX_PAUSE_MS = 500;

/** Tells whether another transaction was in the way, so that a retry may succeed. */
export const isConflict = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && CONFLICTS.has(String(error.code));

/**
 * Runs `work` in one transaction, and again after a deadlock or a serialization failure. Makes at
 * most {@link MAX_TRIES} tries, with growing random pauses. Every transaction of the app uses this
 * function; a test enforces it.
 *
 * `work` may therefore run several times. It changes the database through `trx` only, and returns
 * every result the caller needs. It stores no object, sends nothing and changes no outer variable.
 * The lock order (docs/database-changes.md) makes a deadlock unlikely; the retry covers unforeseen
 * cases.
 *
 * A broken connection is not retried. Its commit may have succeeded unnoticed, and not every caller
 * can safely repeat the work.
 *
 * Errors: those of `work`; after the last try the conflict, which the API answers with 503.
 *
 * @example
 * const added = await inTransaction(db, (trx) => insertTags(trx, mediaId, names));
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

/** Random, so that colliding transactions do not meet again at the same moment. */
const pauseMs = (attempt: number): number =>
  Math.random() * Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);
