import { Hono } from 'hono';
import { open } from '../http/access.ts';
import type { Caller } from '../http/client-address.ts';
import type { AppEnv } from '../http/env.ts';
import { limitBody } from '../http/limit-body.ts';
import { PER_ADDRESS, type RateLimits } from '../http/rate-limit.ts';
import { validate } from '../http/validate.ts';
import { codeRequest, resetInfo, resetRequest, signedInUser } from './auth.schema.ts';
import type { Resets } from './resets.service.ts';
import type { DeviceCookie, SessionCookie } from './session-cookie.ts';

export interface ResetsDeps {
  resets: Resets;
  cookie: SessionCookie;
  deviceCookie: DeviceCookie;
  limits: RateLimits;
  caller: Caller;
}

const smallBody = limitBody(16_000);
const LINK_ERRORS = ['reset_unknown', 'reset_used', 'reset_expired', 'too_many_attempts'] as const;
const codesByAddress = { name: 'code-address', ...PER_ADDRESS };

/** `/api/auth/reset`: sets a new password by the link of an admin. */
export const resetsRoutes = ({ resets, cookie, deviceCookie, limits, caller }: ResetsDeps) =>
  new Hono<AppEnv>()
    .post(
      '/',
      open({
        summary: 'Set a new password by the code of a reset link',
        scope: 'none',
        answers: { 200: signedInUser },
        errors: [...LINK_ERRORS, 'password_too_short', 'password_too_long', 'password_common'],
      }),
      smallBody,
      validate('json', resetRequest),
      async (c) => {
        const { code, password } = c.req.valid('json');
        const subjects = [{ limit: codesByAddress, subject: caller(c) }];
        const { user, token, device } = await limits.attempt(subjects, () =>
          resets.use(code, password, c.req.header('user-agent') ?? ''),
        );
        cookie.write(c, token);
        deviceCookie.write(c, device);
        return c.json(user, 200);
      },
    )
    // POST keeps the code out of addresses and logs.
    .post(
      '/check',
      open({
        summary: 'The account of a reset link',
        scope: 'none',
        answers: { 200: resetInfo },
        errors: LINK_ERRORS,
      }),
      smallBody,
      validate('json', codeRequest),
      async (c) => {
        const subjects = [{ limit: codesByAddress, subject: caller(c) }];
        return c.json(await limits.attempt(subjects, () => resets.check(c.req.valid('json').code)), 200);
      },
    );
