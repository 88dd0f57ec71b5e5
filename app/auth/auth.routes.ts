import { Hono } from 'hono';
import type { Fetches } from '../fetches/fetches.service.ts';
import { member, open } from '../http/access.ts';
import type { Caller } from '../http/client-address.ts';
import type { AppEnv } from '../http/env.ts';
import { limitBody } from '../http/limit-body.ts';
import { PER_ACCOUNT, PER_ADDRESS, type RateLimits } from '../http/rate-limit.ts';
import type { RelyingPartyOf } from '../http/relying-party.ts';
import { validate } from '../http/validate.ts';
import {
  loginRequest,
  meResponse,
  passwordChange,
  registerRequest,
  sessionId,
  sessionList,
  signedInUser,
  type SignedInUser,
} from './auth.schema.ts';
import type { Accounts } from './auth.service.ts';
import { loginByAccount, loginByAddress, loginByDevice, ownPasswordBucket } from './own-password.ts';
import type { DeviceCookie, SessionCookie } from './session-cookie.ts';
import type { SessionUser } from '../http/env.ts';
import type { Sessions } from './sessions.service.ts';
import { usernameKey } from './username.ts';

export interface AuthDeps {
  accounts: Accounts;
  sessions: Sessions;
  cookie: SessionCookie;
  deviceCookie: DeviceCookie;
  limits: RateLimits;
  caller: Caller;
  relyingParty: RelyingPartyOf;
  fetches: Fetches;
}

const smallBody = limitBody(16_000);
/** The errors of every route that takes a new password. */
const NEW_PASSWORD_ERRORS = ['password_too_short', 'password_too_long', 'password_common'] as const;
const publicUser = ({ id, username, role, needsPasskey }: SessionUser): SignedInUser => ({
  id,
  username,
  role,
  ...(needsPasskey && { needsPasskey }),
});

const registerByAddress = { name: 'register-address', ...PER_ADDRESS };
const registerByAccount = { name: 'register-account', ...PER_ACCOUNT };

/** `/api/auth`: registration, sign-in and sign-out, and the user's own password and sessions. */
export const authRoutes = ({
  accounts,
  sessions,
  cookie,
  deviceCookie,
  limits,
  caller,
  relyingParty,
  fetches,
}: AuthDeps) =>
  new Hono<AppEnv>()
    .get(
      '/me',
      open({ summary: 'The signed-in user', scope: 'any', answers: { 200: meResponse } }),
      async (c) => {
        const { session } = c.var;
        const firstAccount = session === null && (await accounts.isEmpty());
        const party = relyingParty(c.req);
        return c.json({
          user: session && publicUser(session),
          firstAccount,
          ...(firstAccount && accounts.needsSetupCode && { needsSetupCode: true as const }),
          ...(party && { passkeyHost: party.id }),
          ...(session !== null && !fetches.enabled && { fetchOff: true as const }),
        });
      },
    )
    .post(
      '/register',
      open({
        summary:
          'Create an account: the first one is the admin (in production by the setup code), any other needs an invite',
        scope: 'none',
        answers: { 201: signedInUser },
        errors: [
          ...NEW_PASSWORD_ERRORS,
          'registration_closed',
          'setup_code_wrong',
          'invite_unknown',
          'invite_used',
          'invite_expired',
          'invite_revoked',
          'username_taken',
          'username_similar',
          'too_many_attempts',
        ],
      }),
      smallBody,
      validate('json', registerRequest),
      async (c) => {
        const request = c.req.valid('json');
        const subjects = [
          { limit: registerByAddress, subject: caller(c) },
          { limit: registerByAccount, subject: usernameKey(request.username) },
        ];
        const { user, token, device } = await limits.attempt(subjects, () =>
          accounts.register(request, c.req.header('user-agent') ?? ''),
        );
        cookie.write(c, token);
        deviceCookie.write(c, device);
        return c.json(user, 201);
      },
    )
    .post(
      '/login',
      open({
        summary: 'Sign in',
        scope: 'none',
        answers: { 200: signedInUser },
        errors: ['password_too_long', 'wrong_credentials', 'too_many_attempts'],
      }),
      smallBody,
      validate('json', loginRequest),
      async (c) => {
        const { username, password } = c.req.valid('json');
        const known = await accounts.knownDevice(username, deviceCookie.read(c));
        const subjects =
          known === null
            ? [
                { limit: loginByAddress, subject: caller(c) },
                { limit: loginByAccount, subject: usernameKey(username.trim()) },
              ]
            : [{ limit: loginByDevice, subject: known }];
        const { user, token, device } = await limits.attempt(subjects, () =>
          accounts.login(username, password, c.req.header('user-agent') ?? ''),
        );
        cookie.write(c, token);
        deviceCookie.write(c, device);
        return c.json(user, 200);
      },
    )
    .post(
      '/logout',
      member({ summary: 'Sign out', scope: 'none', withoutPasskey: true, answers: { 204: null } }),
      async (c) => {
        await sessions.end(c.var.session.sessionId);
        cookie.clear(c);
        return c.body(null, 204);
      },
    )
    .patch(
      '/password',
      member({
        summary: 'Change the own password, which ends the other sessions',
        scope: 'none',
        answers: { 204: null },
        errors: [...NEW_PASSWORD_ERRORS, 'wrong_password', 'too_many_attempts'],
      }),
      smallBody,
      validate('json', passwordChange),
      async (c) => {
        const { currentPassword, password } = c.req.valid('json');
        const { session } = c.var;
        const bucket = await ownPasswordBucket(c, { accounts, deviceCookie });
        const device = await limits.attempt([bucket], () =>
          accounts.changePassword(session, currentPassword, password),
        );
        deviceCookie.write(c, device);
        return c.body(null, 204);
      },
    )
    .get(
      '/sessions',
      member({ summary: 'The own sessions', scope: 'none', answers: { 200: sessionList } }),
      async (c) => c.json({ items: await sessions.list(c.var.session) }),
    )
    .delete(
      '/sessions/:id',
      member({ summary: 'End one of the own sessions', scope: 'none', answers: { 204: null } }),
      validate('param', sessionId),
      async (c) => {
        const { id } = c.req.valid('param');
        await sessions.endOwn(c.var.session.id, id);
        if (id === c.var.session.sessionId) cookie.clear(c);
        return c.body(null, 204);
      },
    )
    // Ends every session, this one included.
    .delete(
      '/sessions',
      member({ summary: 'End every own session', scope: 'none', answers: { 204: null } }),
      async (c) => {
        await sessions.endEverywhere(c.var.session.id);
        cookie.clear(c);
        return c.body(null, 204);
      },
    );
