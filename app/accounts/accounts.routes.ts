import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { member, open } from '../http/access.ts';
import type { AppEnv } from '../http/env.ts';
import { validate } from '../http/validate.ts';
import { loginRequest, registerRequest, type User } from './accounts.schema.ts';
import type { Accounts } from './accounts.service.ts';
import type { SessionCookie } from './session-cookie.ts';
import type { Sessions, SessionUser } from './sessions.service.ts';

export interface AccountsDeps {
  accounts: Accounts;
  sessions: Sessions;
  cookie: SessionCookie;
}

const smallBody = bodyLimit({ maxSize: 16_000 });
const userAgent = (c: { req: { header(name: string): string | undefined } }) =>
  c.req.header('user-agent') ?? '';
const publicUser = ({ id, username, role }: SessionUser): User => ({ id, username, role });

/** `/api/auth` */
export const accountsRoutes = ({ accounts, sessions, cookie }: AccountsDeps) =>
  new Hono<AppEnv>()
    .get('/me', open, async (c) => {
      const { session } = c.var;
      const firstAccount = session === null && (await accounts.isEmpty());
      return c.json({ user: session && publicUser(session), firstAccount });
    })
    .post('/register', open, smallBody, validate('json', registerRequest), async (c) => {
      const { user, token } = await accounts.register(c.req.valid('json'), userAgent(c));
      cookie.write(c, token);
      return c.json(user, 201);
    })
    .post('/login', open, smallBody, validate('json', loginRequest), async (c) => {
      const { username, password } = c.req.valid('json');
      const { user, token } = await accounts.login(username, password, userAgent(c));
      cookie.write(c, token);
      return c.json(user, 200);
    })
    .post('/logout', member, async (c) => {
      await sessions.end(c.var.session.sessionId);
      cookie.clear(c);
      return c.body(null, 204);
    });
