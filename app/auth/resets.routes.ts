import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { open } from '../http/access.ts';
import type { Caller } from '../http/client-address.ts';
import type { AppEnv } from '../http/env.ts';
import { PER_ADDRESS, type RateLimits } from '../http/rate-limit.ts';
import { validate } from '../http/validate.ts';
import { codeRequest, resetRequest } from './auth.schema.ts';
import type { Resets } from './resets.service.ts';
import type { DeviceCookie, SessionCookie } from './session-cookie.ts';

export interface ResetsDeps {
  resets: Resets;
  cookie: SessionCookie;
  deviceCookie: DeviceCookie;
  limits: RateLimits;
  caller: Caller;
}

const smallBody = bodyLimit({ maxSize: 16_000 });
const codesByAddress = { name: 'code-address', ...PER_ADDRESS };

/** `/api/auth/reset`: sets a new password by the link of an admin. */
export const resetsRoutes = ({ resets, cookie, deviceCookie, limits, caller }: ResetsDeps) =>
  new Hono<AppEnv>()
    .post('/', open, smallBody, validate('json', resetRequest), async (c) => {
      const { code, password } = c.req.valid('json');
      const subjects = [{ limit: codesByAddress, subject: caller(c) }];
      const { user, token, device } = await limits.attempt(subjects, () =>
        resets.use(code, password, c.req.header('user-agent') ?? ''),
      );
      cookie.write(c, token);
      deviceCookie.write(c, device);
      return c.json(user, 200);
    })
    // POST keeps the code out of addresses and logs.
    .post('/check', open, smallBody, validate('json', codeRequest), async (c) => {
      const subjects = [{ limit: codesByAddress, subject: caller(c) }];
      return c.json(await limits.attempt(subjects, () => resets.check(c.req.valid('json').code)), 200);
    });
