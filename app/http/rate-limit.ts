import { createHash } from 'node:crypto';
import type { Database } from '../db/client.ts';
import { AppError } from './errors.ts';
import { returnToken, secondsToToken, sweepFullBuckets, takeToken } from './rate-limit.repository.ts';

/** A bucket of `burst` failures that regains one every `refillSeconds`. */
export interface Limit {
  name: string;
  burst: number;
  refillSeconds: number;
}

/**
 * Failed guesses at one account: 10 at once, then 12 an hour. NIST SP 800-63B §3.2.2 allows at most
 * 100 in a row. This limit reaches them after 7.5 hours at the earliest. A user who mistypes waits
 * at most 5 minutes.
 */
export const PER_ACCOUNT = { burst: 10, refillSeconds: 300 } as const;
/** Failed attempts from one address, over all accounts. A household shares one address. */
export const PER_ADDRESS = { burst: 30, refillSeconds: 60 } as const;

export interface RateLimits {
  /**
   * Runs a limited operation.
   *
   * Every subject's bucket gives a token first, so that parallel attempts count. A success returns
   * the tokens: only failures use buckets up. Errors: `too_many_attempts` (with `retryAfter`), and
   * the error of the operation.
   */
  attempt<Result>(
    limits: readonly { limit: Limit; subject: string }[],
    act: () => Promise<Result>,
  ): Promise<Result>;
  /**
   * Counts a failure that has happened. Unlike `attempt`, it never hinders a success of the same
   * subject. Errors: `too_many_attempts` (with `retryAfter`) when the bucket is used up.
   */
  countFailure(limit: Limit, subject: string): Promise<void>;
}

/**
 * Keeps limits in PostgreSQL, shared by every process on the database. Stores subjects as hashes.
 */
export function createRateLimits(db: Database): RateLimits {
  return {
    async countFailure(limit, subject) {
      await sweepFullBuckets(db);
      await take(limit, keyOf(limit, subject));
    },

    async attempt(limits, act) {
      await sweepFullBuckets(db);
      const buckets = limits.map(({ limit, subject }) => ({ limit, key: keyOf(limit, subject) }));
      for (const { limit, key } of buckets) await take(limit, key);
      let failed = false;
      try {
        return await act();
      } catch (error) {
        // Our own failure does not count as the caller's attempt.
        failed = error instanceof AppError;
        throw error;
      } finally {
        if (!failed) for (const { limit, key } of buckets) await returnToken(db, key, limit.refillSeconds);
      }
    },
  };

  async function take({ burst, refillSeconds }: Limit, key: string): Promise<void> {
    if (await takeToken(db, key, burst, refillSeconds)) return;
    const retryAfter = await secondsToToken(db, key, burst, refillSeconds);
    throw new AppError('too_many_attempts', `Too many attempts. Try again in ${retryAfter} seconds.`, {
      details: { retryAfter },
    });
  }
}

const keyOf = (limit: Limit, subject: string) =>
  `${limit.name}:${createHash('sha256').update(subject).digest('base64url')}`;
