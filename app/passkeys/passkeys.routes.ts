import { Hono } from 'hono';
import type { Accounts } from '../auth/auth.service.ts';
import { ownPasswordBucket } from '../auth/own-password.ts';
import type { DeviceCookie } from '../auth/session-cookie.ts';
import { member } from '../http/access.ts';
import type { AppEnv } from '../http/env.ts';
import { AppError } from '../http/errors.ts';
import { limitBody } from '../http/limit-body.ts';
import type { RateLimits } from '../http/rate-limit.ts';
import type { RelyingParty, RelyingPartyOf } from '../http/relying-party.ts';
import { validate } from '../http/validate.ts';
import {
  creationOptions,
  newPasskey,
  newPasskeyRequest,
  passkeyId,
  passkeyItem,
  passkeyList,
  passkeyPatch,
} from './passkeys.schema.ts';
import type { Passkeys } from './passkeys.service.ts';

export interface PasskeysDeps {
  passkeys: Passkeys;
  accounts: Accounts;
  deviceCookie: DeviceCookie;
  limits: RateLimits;
  relyingParty: RelyingPartyOf;
}

/** Returns the relying party of a request. Errors: `passkeys_unavailable`. */
export function requireParty(
  request: Parameters<RelyingPartyOf>[0],
  relyingParty: RelyingPartyOf,
): RelyingParty {
  const party = relyingParty(request);
  if (party) return party;
  throw new AppError('passkeys_unavailable', 'Passkeys need PUBLIC_URL with HTTPS, or localhost.');
}

/** `/api/passkeys`: the user's own passkeys. No token may call it. */
export const passkeysRoutes = ({ passkeys, accounts, deviceCookie, limits, relyingParty }: PasskeysDeps) =>
  new Hono<AppEnv>()
    .get(
      '/',
      member({
        summary: 'The own passkeys, newest first',
        scope: 'none',
        withoutPasskey: true,
        answers: { 200: passkeyList },
      }),
      async (c) => c.json({ items: await passkeys.list(c.var.session) }),
    )
    .post(
      '/options',
      member({
        summary: 'Begin to add a passkey: the options for the browser',
        scope: 'none',
        withoutPasskey: true,
        answers: { 200: creationOptions },
        errors: [
          'passkeys_unavailable',
          'wrong_password',
          'password_too_long',
          'too_many_passkeys',
          'passkey_required',
          'too_many_attempts',
        ],
      }),
      limitBody(16_000),
      validate('json', newPasskeyRequest),
      async (c) => {
        const party = requireParty(c.req, relyingParty);
        const { currentPassword } = c.req.valid('json');
        const bucket = await ownPasswordBucket(c, { accounts, deviceCookie });
        const options = await limits.attempt([bucket], () =>
          passkeys.begin(c.var.session, currentPassword, party),
        );
        return c.json(options, 200);
      },
    )
    .post(
      '/',
      member({
        summary: 'Add the passkey that the browser made',
        scope: 'none',
        withoutPasskey: true,
        answers: { 201: passkeyItem },
        errors: [
          'passkeys_unavailable',
          'passkey_expired',
          'passkey_invalid',
          'passkey_taken',
          'too_many_passkeys',
          'passkey_required',
        ],
      }),
      limitBody(64_000),
      validate('json', newPasskey),
      async (c) => {
        const party = requireParty(c.req, relyingParty);
        return c.json(await passkeys.add(c.var.session, c.req.valid('json'), party), 201);
      },
    )
    .patch(
      '/:id',
      member({ summary: 'Rename one of the own passkeys', scope: 'none', answers: { 200: passkeyItem } }),
      limitBody(4_000),
      validate('param', passkeyId),
      validate('json', passkeyPatch),
      async (c) =>
        c.json(await passkeys.rename(c.var.session, c.req.valid('param').id, c.req.valid('json').name), 200),
    )
    .delete(
      '/:id',
      member({
        summary: 'Remove one of the own passkeys',
        scope: 'none',
        answers: { 204: null },
        errors: ['passkey_last'],
      }),
      validate('param', passkeyId),
      async (c) => {
        await passkeys.remove(c.var.session, c.req.valid('param').id);
        return c.body(null, 204);
      },
    );
