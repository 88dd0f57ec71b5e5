import { Hono } from 'hono';
import type { Accounts } from '../auth/auth.service.ts';
import { ownPasswordBucket } from '../auth/own-password.ts';
import type { DeviceCookie, SessionCookie } from '../auth/session-cookie.ts';
import { member } from '../http/access.ts';
import type { AppEnv } from '../http/env.ts';
import { limitBody } from '../http/limit-body.ts';
import type { RateLimits } from '../http/rate-limit.ts';
import { validate } from '../http/validate.ts';
import { contentDisposition } from '../storage/disposition.ts';
import { closeRequest } from './account.schema.ts';
import type { OwnAccount } from './account.service.ts';
import type { OwnArchive } from './own-archive.service.ts';

export interface AccountDeps {
  ownAccount: OwnAccount;
  ownArchive: OwnArchive;
  accounts: Accounts;
  cookie: SessionCookie;
  deviceCookie: DeviceCookie;
  limits: RateLimits;
}

/** `/api/account`: everything of one's own as an archive, and the end of the own account. */
export const accountRoutes = ({
  ownAccount,
  ownArchive,
  accounts,
  cookie,
  deviceCookie,
  limits,
}: AccountDeps) =>
  new Hono<AppEnv>()
    .get(
      '/archive',
      member({
        summary: 'Everything of one’s own as an archive',
        scope: 'read',
        answers: { 200: 'application/x-tar' },
      }),
      (c) => {
        const { id, username } = c.var.session;
        const day = new Date().toISOString().slice(0, 10);
        const headers = {
          'Content-Type': 'application/x-tar',
          'Content-Disposition': contentDisposition('attachment', `meemikansio-${username}-${day}.tar`),
          'Cache-Control': 'no-store',
        };
        // Hono answers HEAD by GET, and an archive without a reader would wait for ever.
        if (c.req.method === 'HEAD') return c.body(null, 200, headers);
        return c.body(ownArchive(id), 200, headers);
      },
    )
    .post(
      '/close',
      member({
        summary: 'Close the own account for good',
        scope: 'none',
        answers: { 204: null },
        errors: ['wrong_password', 'password_too_long', 'last_admin', 'too_many_attempts'],
      }),
      limitBody(16_000),
      validate('json', closeRequest),
      async (c) => {
        const bucket = await ownPasswordBucket(c, { accounts, deviceCookie });
        await limits.attempt([bucket], () => ownAccount.close(c.var.session, c.req.valid('json')));
        cookie.clear(c);
        return c.body(null, 204);
      },
    );
