import { randomUUID } from 'node:crypto';
import { sign, verify } from 'hono/jwt';
import { z } from 'zod';
import type { Database, Trx } from '../db/client.ts';
import { deleteSession, findSession, insertSession, touchSession } from './sessions.repository.ts';
import { user } from './accounts.schema.ts';

/** Sessions slide: one ends when it was not used for this long. */
export const SESSION_SECONDS = 30 * 24 * 60 * 60;
/** How stale `last_seen_at` may be: one write an hour and session is enough for a limit of 30 days. */
const TOUCH_AFTER_SECONDS = 60 * 60;

const ALGORITHM = 'HS256';
const claims = z.object({ sid: z.uuid() });

/** The signed-in person behind a request. */
export interface SessionUser {
  sessionId: string;
  id: string;
  username: string;
  role: 'admin' | 'member';
}

export interface Sessions {
  /** Opens a session and answers its token, which names the row and is worth nothing without it. */
  open(db: Database | Trx, userId: string, userAgent: string): Promise<string>;
  /** Who a token belongs to; `null` for a forged, foreign, expired or ended one. `renewed` when the cookie should be sent again. */
  resolve(token: string): Promise<{ user: SessionUser; renewed: boolean } | null>;
  end(sessionId: string): Promise<void>;
}

export function createSessions(db: Database, secret: string): Sessions {
  return {
    async open(handle, userId, userAgent) {
      const id = randomUUID();
      await insertSession(handle, { id, userId, userAgent: userAgent.slice(0, 300) });
      return sign({ sid: id, iat: Math.floor(Date.now() / 1000) }, secret, ALGORITHM);
    },

    async resolve(token) {
      const sessionId = await sessionIdOf(token, secret);
      const row = sessionId && (await findSession(db, sessionId, SESSION_SECONDS));
      if (!row) return null;
      const renewed = row.idleSeconds > TOUCH_AFTER_SECONDS;
      if (renewed) await touchSession(db, row.id);
      const { id, username, role } = user.parse({ id: row.userId, username: row.username, role: row.role });
      return { user: { sessionId: row.id, id, username, role }, renewed };
    },

    end: (sessionId) => deleteSession(db, sessionId),
  };
}

/** The algorithm is fixed here and not taken from the token, which rules out `alg: none` (RFC 8725 §3.1). */
async function sessionIdOf(token: string, secret: string): Promise<string | null> {
  try {
    return claims.parse(await verify(token, secret, ALGORITHM)).sid;
  } catch {
    return null; // Any token that does not verify is simply no session.
  }
}
