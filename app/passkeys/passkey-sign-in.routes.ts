import { Hono } from 'hono';
import { signedInUser } from '../auth/auth.schema.ts';
import { loginByAddress } from '../auth/own-password.ts';
import { newCode } from '../auth/secret-code.ts';
import type { CeremonyCookie, DeviceCookie, SessionCookie } from '../auth/session-cookie.ts';
import { open } from '../http/access.ts';
import type { Caller } from '../http/client-address.ts';
import type { AppEnv } from '../http/env.ts';
import { limitBody } from '../http/limit-body.ts';
import { PER_ACCOUNT, type RateLimits } from '../http/rate-limit.ts';
import type { RelyingPartyOf } from '../http/relying-party.ts';
import { validate } from '../http/validate.ts';
import { passkeySignIn, requestOptions } from './passkeys.schema.ts';
import { requireParty } from './passkeys.routes.ts';
import type { PasskeySignIns } from './passkey-sign-in.service.ts';

export interface PasskeySignInDeps {
  passkeySignIns: PasskeySignIns;
  cookie: SessionCookie;
  deviceCookie: DeviceCookie;
  ceremonyCookie: CeremonyCookie;
  limits: RateLimits;
  caller: Caller;
  relyingParty: RelyingPartyOf;
}

/** Each sign-in page that opens takes a challenge. A household shares one address. */
const challengesByAddress = { name: 'challenge-address', burst: 60, refillSeconds: 10 };
/** The form of what `newCode` makes. */
const BROWSER_SECRET = /^[\w-]{22}$/;
const signInByPasskey = { name: 'login-passkey', ...PER_ACCOUNT };

/** `/api/auth/passkey`: sign-in by a passkey. */
export const passkeySignInRoutes = (deps: PasskeySignInDeps) => {
  const { passkeySignIns, cookie, deviceCookie, ceremonyCookie, limits, caller, relyingParty } = deps;
  return new Hono<AppEnv>()
    .post(
      '/options',
      open({
        summary: 'Begin to sign in by a passkey: the options for the browser',
        scope: 'none',
        answers: { 200: requestOptions },
        errors: ['passkeys_unavailable', 'too_many_attempts'],
      }),
      async (c) => {
        const party = requireParty(c.req, relyingParty);
        await limits.countFailure(challengesByAddress, caller(c));
        // The tabs of a browser share the secret, and each has a challenge.
        const known = ceremonyCookie.read(c) ?? '';
        const browser = BROWSER_SECRET.test(known) ? known : newCode();
        const options = await passkeySignIns.begin(browser, party);
        ceremonyCookie.write(c, browser);
        return c.json(options, 200);
      },
    )
    .post(
      '/',
      open({
        summary: 'Sign in by a passkey',
        scope: 'none',
        answers: { 200: signedInUser },
        errors: [
          'passkeys_unavailable',
          'passkey_expired',
          'passkey_refused',
          'passkey_cloned',
          'too_many_attempts',
        ],
      }),
      limitBody(64_000),
      validate('json', passkeySignIn),
      async (c) => {
        const party = requireParty(c.req, relyingParty);
        const answer = c.req.valid('json');
        const subjects = [
          { limit: loginByAddress, subject: caller(c) },
          { limit: signInByPasskey, subject: answer.id },
        ];
        const from = {
          browser: ceremonyCookie.read(c) ?? '',
          party,
          userAgent: c.req.header('user-agent') ?? '',
        };
        const { user, token, device } = await limits.attempt(subjects, () =>
          passkeySignIns.finish(answer, from),
        );
        cookie.write(c, token);
        deviceCookie.write(c, device);
        return c.json(user, 200);
      },
    );
};
