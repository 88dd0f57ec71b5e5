import { createHash } from 'node:crypto';
import type { Database } from '../db/client.ts';
import { AppError } from './errors.ts';
import { returnToken, secondsToToken, sweepFullBuckets, takeToken } from './rate-limit.repository.ts';

/** A bucket of `burst` failures that gets one back every `refillSeconds`. */
export interface Limit {
  name: string;
  burst: number;
  refillSeconds: number;
}

/**
 * Failed guesses at one account: 10 at once, then 12 an hour. NIST SP 800-63B §3.2.2 wants no more than 100 in a row; this
 * reaches them after 7.5 hours at the earliest, and a person who mistypes is never kept out for more than 5 minutes.
 */
export const PER_ACCOUNT = { burst: 10, refillSeconds: 300 } as const;
/** Failed attempts from one address, over all accounts; a household shares one. */
export const PER_ADDRESS = { burst: 30, refillSeconds: 60 } as const;

export interface RateLimits {
  /**
   * Does what is limited. Every subject's bucket gives a token first, so that parallel attempts count, and gets it back
   * when the attempt succeeds: only failures use buckets up. Errors: too_many_attempts (with `retryAfter`).
   */
  attempt<Result>(
    limits: readonly { limit: Limit; subject: string }[],
    act: () => Promise<Result>,
  ): Promise<Result>;
}

/** Limits in PostgreSQL, shared by every process on the database. Subjects are stored as hashes. */
export function createRateLimits(db: Database): RateLimits {
  return {
    async attempt(limits, act) {
      await sweepFullBuckets(db);
      const buckets = limits.map(({ limit, subject }) => ({ limit, key: keyOf(limit, subject) }));
      for (const { limit, key } of buckets) await take(limit, key);
      let failed = false;
      try {
        return await act();
      } catch (error) {
        failed = error instanceof AppError; // a failure of ours is not the caller's attempt
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
