import type { HttpBindings } from '@hono/node-server';
import type { Logger } from 'pino';
import type { SessionUser } from '../auth/sessions.service.ts';

/** What middleware leaves on the context of every request. */
export interface AppEnv {
  Bindings: Partial<HttpBindings>;
  Variables: {
    requestId: string;
    logger: Logger;
    session: SessionUser | null;
    /** The snapshot (app/db/snapshot-cache.ts) under which the session was looked up; `null` where none was. */
    asOf: string | null;
  };
}

/** The same, behind a guard that lets only signed-in people pass. */
export interface MemberEnv {
  Bindings: AppEnv['Bindings'];
  Variables: Omit<AppEnv['Variables'], 'session'> & { session: SessionUser };
}
