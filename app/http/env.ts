import type { HttpBindings } from '@hono/node-server';
import type { Logger } from 'pino';
import type { TokenScope } from './scopes.limits.ts';

/** The signed-in user of a request. */
export interface SessionUser {
  /** Id of the session; of an API token if the request came with one, which is no session's. */
  sessionId: string;
  id: string;
  username: string;
  role: 'admin' | 'member';
  /** The lack of the session or token, where the folder requires a passkey of admins. */
  needsPasskey?: 'add' | 'use';
}

/** The variables that middleware sets on the context of every request. */
export interface AppEnv {
  Bindings: Partial<HttpBindings>;
  Variables: {
    requestId: string;
    logger: Logger;
    session: SessionUser | null;
    /** The API token of the request; `null` for a browser with a cookie, and for a stranger. */
    token: { scopes: readonly TokenScope[] } | null;
    /**
     * Database snapshot (app/db/snapshot-cache.ts) of the session lookup; `null` without a lookup.
     */
    asOf: string | null;
  };
}

/** {@link AppEnv} behind a guard that requires a signed-in user. */
export interface MemberEnv {
  Bindings: AppEnv['Bindings'];
  Variables: Omit<AppEnv['Variables'], 'session'> & { session: SessionUser };
}
