import { randomUUID } from 'node:crypto';
import { sign, verify } from 'hono/jwt';
import { z } from 'zod';
import type { Database, Trx } from '../db/client.ts';
import type { SessionUser } from '../http/env.ts';
import { AppError } from '../http/errors.ts';
import {
  deleteIdleSessionsOf,
  deleteSession,
  deleteSessionOf,
  deleteSessionsOf,
  findSessions,
  findSessionsOf,
  hasSession,
  insertSession,
  touchSession,
} from './sessions.repository.ts';
import { countPasskeysOf } from '../passkeys/passkeys.repository.ts';
import { coalesce } from '../util/coalesce.ts';
import { setBounded } from '../util/bounded-map.ts';
import { passkeyNeedOf } from './admin-passkey.ts';
import { user, type SessionItem, type SignedInUser, type User } from './auth.schema.ts';

/** A session expires when unused for this long. */
export const SESSION_SECONDS = 30 * 24 * 60 * 60;
/**
 * Greatest staleness of `last_seen_at`. One write an hour and session is precise enough for a limit
 * of 30 days.
 */
const TOUCH_AFTER_SECONDS = 60 * 60;

const ALGORITHM = 'HS256';
const claims = z.object({ sid: z.uuid(), exp: z.number() });
/** Maximum number of verified tokens in the cache: about 500 bytes each. */
const MAX_CACHED_TOKENS = 1000;

/** How a session began: by a passkey, or otherwise by a password. */
export interface HowOpened {
  byPasskey: boolean;
}

const BY_PASSWORD: HowOpened = { byPasskey: false };

export interface Sessions {
  /**
   * Opens a session and returns its token. The token names the row and is worthless without it. The
   * caller holds the account's lock (`lockUser`) and has checked that it is enabled.
   */
  open(trx: Trx, userId: string, userAgent: string, how?: HowOpened): Promise<string>;
  /**
   * Returns the user of a new session, with what it lacks where the folder requires a passkey. The
   * caller holds the account's lock.
   */
  asSignedIn(trx: Trx, user: User, how?: HowOpened): Promise<SignedInUser>;
  /**
   * Returns the user of a token; `null` for a forged, foreign, expired or ended token, or a
   * disabled user. `renewed` is a replacement token, sent now and then. `asOf` is the snapshot of
   * the lookup (app/db/snapshot-cache.ts).
   */
  resolve(token: string): Promise<{ user: SessionUser; renewed: string | null; asOf: string } | null>;
  /**
   * Returns the session id in a token of ours; `null` for any other. Asks no database, so the
   * session may have ended.
   */
  idOf(token: string): Promise<string | null>;
  /**
   * Throws `not_signed_in` if the session has ended since the request began. The caller holds the
   * account's lock.
   */
  require(trx: Trx, by: SessionUser): Promise<void>;
  /** Whether the session still exists and its user is enabled. */
  isOpen(by: SessionUser): Promise<boolean>;
  list(by: SessionUser): Promise<SessionItem[]>;
  end(sessionId: string): Promise<void>;
  /** Ends one of the user's own sessions. Errors: `not_found`. */
  endOwn(userId: string, sessionId: string): Promise<void>;
  /** Signs a user out everywhere, except in the given session. */
  endAll(trx: Trx, userId: string, except?: string): Promise<void>;
  /** Signs a user out everywhere. */
  endEverywhere(userId: string): Promise<void>;
}

/**
 * Creates the sessions.
 *
 * @param requireAdminPasskey whether the folder requires a passkey of admins
 */
export function createSessions(db: Database, secret: string, requireAdminPasskey = false): Sessions {
  const tokenOf = (sessionId: string) => {
    const now = Math.floor(Date.now() / 1000);
    return sign({ sid: sessionId, iat: now, exp: now + SESSION_SECONDS }, secret, ALGORITHM);
  };

  const sessionIdOf = tokenReader(secret);

  // Requests arrive in bursts: requests during a lookup share the next one.
  const findSession = coalesce(async (ids: readonly string[]) => {
    const rows = await findSessions(db, ids, SESSION_SECONDS);
    return new Map(rows.map((row) => [row.id, row]));
  });

  return {
    async open(trx, userId, userAgent, { byPasskey } = BY_PASSWORD) {
      const id = randomUUID();
      await deleteIdleSessionsOf(trx, userId, SESSION_SECONDS);
      await insertSession(trx, { id, userId, userAgent: userAgent.slice(0, 300), byPasskey });
      return tokenOf(id);
    },

    async asSignedIn(trx, signedIn, { byPasskey } = BY_PASSWORD) {
      const hasPasskey = (await countPasskeysOf(trx, signedIn.id)) > 0;
      const needsPasskey = passkeyNeedOf(requireAdminPasskey, signedIn, { byPasskey, hasPasskey });
      return { ...signedIn, ...(needsPasskey && { needsPasskey }) };
    },

    idOf: sessionIdOf,

    async resolve(token) {
      const sessionId = await sessionIdOf(token);
      const row = sessionId && (await findSession(sessionId));
      if (!row) return null;
      const stale = row.idleSeconds > TOUCH_AFTER_SECONDS;
      if (stale) await touchSession(db, row.id);
      const { id, username, role } = user.parse({ id: row.userId, username: row.username, role: row.role });
      const needsPasskey = passkeyNeedOf(requireAdminPasskey, row, row);
      return {
        user: { sessionId: row.id, id, username, role, ...(needsPasskey && { needsPasskey }) },
        renewed: stale ? await tokenOf(row.id) : null,
        asOf: row.snapshot,
      };
    },

    async require(trx, { sessionId }) {
      if (!(await hasSession(trx, sessionId))) throw new AppError('not_signed_in', 'Sign in first.');
    },

    async isOpen({ sessionId }) {
      return (await findSession(sessionId)) !== undefined;
    },

    async list(by) {
      const rows = await findSessionsOf(db, by.id, SESSION_SECONDS);
      return rows.map((row) => ({
        id: row.id,
        userAgent: row.user_agent,
        createdAt: row.created_at.toISOString(),
        lastSeenAt: row.last_seen_at.toISOString(),
        current: row.id === by.sessionId,
      }));
    },

    end: (sessionId) => deleteSession(db, sessionId),

    async endOwn(userId, sessionId) {
      if (!(await deleteSessionOf(db, userId, sessionId)))
        throw new AppError('not_found', 'There is no such session.');
    },

    endAll: (trx, userId, except) => deleteSessionsOf(trx, userId, except),
    endEverywhere: (userId) => deleteSessionsOf(db, userId),
  };
}

/**
 * Creates a reader of the session id in a token. The algorithm is fixed and not taken from the
 * token, which rules out `alg: none` (RFC 8725 §3.1). A valid signature stays valid, so it is
 * checked once. The caller checks whether the session still exists.
 */
function tokenReader(secret: string): (token: string) => Promise<string | null> {
  const verified = new Map<string, { sid: string; exp: number }>();
  return async (token) => {
    const known = verified.get(token);
    if (known && known.exp > Date.now() / 1000) return known.sid;
    try {
      const found = claims.parse(await verify(token, secret, ALGORITHM));
      setBounded(verified, token, found, MAX_CACHED_TOKENS);
      return found.sid;
    } catch {
      verified.delete(token);
      // A token that does not verify is no session.
      return null;
    }
  };
}
