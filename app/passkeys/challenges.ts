import { z } from 'zod';
import { hashCode } from '../auth/secret-code.ts';
import type { Database } from '../db/client.ts';
import {
  deleteChallengesOf,
  insertChallenge,
  sweepChallenges,
  takeChallenge,
  type ChallengePurpose,
  type StoredChallenge,
} from './challenges.repository.ts';

/** The part of `clientDataJSON` that is read before anything is verified. */
const clientData = z.object({ challenge: z.string().max(200) });

/**
 * The challenges of ceremonies under way. A challenge is random, counts once and for a few minutes,
 * and only for its purpose and holder. The database keeps the SHA-256 of challenge and holder.
 */
export interface Challenges {
  /** Stores a challenge that goes out. A holder adds one passkey at a time. */
  issue(challenge: string, purpose: ChallengePurpose, holder: string): Promise<void>;
  /**
   * Returns the challenge that an answer was made for, and ends it. `null` for an unknown, used or
   * expired one, for that of another purpose or holder, and for malformed data.
   *
   * @param clientDataJSON of the answer, in base64url
   */
  take(clientDataJSON: string, purpose: ChallengePurpose, holder: string): Promise<string | null>;
}

export function createChallenges(db: Database): Challenges {
  return {
    async issue(challenge, purpose, holder) {
      await sweepChallenges(db);
      if (purpose === 'add') await deleteChallengesOf(db, purpose, hashCode(holder));
      await insertChallenge(db, stored(challenge, purpose, holder));
    },

    async take(clientDataJSON, purpose, holder) {
      const challenge = challengeIn(clientDataJSON);
      if (challenge === null) return null;
      const known = await takeChallenge(db, stored(challenge, purpose, holder));
      return known ? challenge : null;
    },
  };
}

/** Nothing that a client sends is stored as it is. */
const stored = (challenge: string, purpose: ChallengePurpose, holder: string): StoredChallenge => ({
  hash: hashCode(challenge),
  purpose,
  holder: hashCode(holder),
});

function challengeIn(clientDataJSON: string): string | null {
  try {
    return clientData.parse(JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString())).challenge;
  } catch {
    // Data that cannot be read answers no challenge.
    return null;
  }
}
