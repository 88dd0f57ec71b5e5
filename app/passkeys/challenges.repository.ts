import { sql } from 'kysely';
import type { Database } from '../db/client.ts';
import { CHALLENGE_SECONDS } from './passkeys.limits.ts';

/** Maximum number of stored challenges. Beyond it the oldest ones end early. */
const MAX_CHALLENGES = 5000;
/** More than one request adds, so that the table shrinks. */
const SWEPT_AT_ONCE = 100;

/** The purpose of a challenge. */
export type ChallengePurpose = 'add' | 'sign-in';

/** A challenge as it is stored. `holder` is the hash of the session or browser that asked. */
export interface StoredChallenge {
  hash: string;
  purpose: ChallengePurpose;
  holder: string;
}

export async function insertChallenge(
  db: Database,
  { hash, purpose, holder }: StoredChallenge,
): Promise<void> {
  await db
    .insertInto('passkey_challenges')
    .values({
      challenge_hash: hash,
      purpose,
      holder,
      expires_at: sql<Date>`now() + make_interval(secs => ${CHALLENGE_SECONDS})`,
    })
    .execute();
}

/**
 * Deletes a challenge, so that it counts once. Returns `false` for an unknown, used or expired one,
 * and for one of another purpose or holder.
 */
export async function takeChallenge(
  db: Database,
  { hash, purpose, holder }: StoredChallenge,
): Promise<boolean> {
  const row = await db
    .deleteFrom('passkey_challenges')
    .where('challenge_hash', '=', hash)
    .where('purpose', '=', purpose)
    .where('holder', '=', holder)
    .where('expires_at', '>', sql<Date>`now()`)
    .returning('challenge_hash')
    .executeTakeFirst();
  return row !== undefined;
}

/** Deletes the challenges that a holder has for a purpose. */
export async function deleteChallengesOf(
  db: Database,
  purpose: ChallengePurpose,
  holder: string,
): Promise<void> {
  await db
    .deleteFrom('passkey_challenges')
    .where('purpose', '=', purpose)
    .where('holder', '=', holder)
    .execute();
}

/**
 * Deletes expired challenges, and the oldest beyond the limit. Skips locked rows, so that two
 * sweeps cannot wait for each other.
 */
export async function sweepChallenges(db: Database, most = MAX_CHALLENGES): Promise<void> {
  const newestEnded = sql<Date>`greatest(now(), (
    select expires_at from passkey_challenges order by expires_at desc offset ${most} limit 1))`;
  await db
    .deleteFrom('passkey_challenges')
    .where('challenge_hash', 'in', (rows) =>
      rows
        .selectFrom('passkey_challenges')
        .select('challenge_hash')
        .where('expires_at', '<=', newestEnded)
        .limit(SWEPT_AT_ONCE)
        .forUpdate()
        .skipLocked(),
    )
    .execute();
}
