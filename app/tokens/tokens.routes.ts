import { Hono } from 'hono';
import type { Accounts } from '../auth/auth.service.ts';
import { ownPasswordBucket } from '../auth/own-password.ts';
import type { DeviceCookie } from '../auth/session-cookie.ts';
import { member } from '../http/access.ts';
import type { AppEnv } from '../http/env.ts';
import { limitBody } from '../http/limit-body.ts';
import type { RateLimits } from '../http/rate-limit.ts';
import type { PageLink } from '../http/page-link.ts';
import { validate } from '../http/validate.ts';
import { sharexUploader } from './sharex.ts';
import { madeToken, newTokenRequest, tokenId, tokenList } from './tokens.schema.ts';
import type { Tokens } from './tokens.service.ts';

export interface TokensDeps {
  tokens: Tokens;
  accounts: Accounts;
  deviceCookie: DeviceCookie;
  limits: RateLimits;
  pageLink: PageLink;
  http: { mediaOrigin: string | null };
}

/** `/api/tokens`: the user's own API tokens. No token may call it. */
export const tokensRoutes = ({ tokens, accounts, deviceCookie, limits, pageLink, http }: TokensDeps) =>
  new Hono<AppEnv>()
    .get(
      '/',
      member({ summary: 'The own API tokens, newest first', scope: 'none', answers: { 200: tokenList } }),
      async (c) => c.json({ items: await tokens.list(c.var.session) }),
    )
    .post(
      '/',
      member({
        summary: 'Make an API token; the only answer that contains it',
        scope: 'none',
        answers: { 201: madeToken },
        errors: [
          'wrong_password',
          'password_too_long',
          'not_allowed',
          'too_many_tokens',
          'too_many_attempts',
        ],
      }),
      limitBody(16_000),
      validate('json', newTokenRequest),
      async (c) => {
        const bucket = await ownPasswordBucket(c, { accounts, deviceCookie });
        const made = await limits.attempt([bucket], () => tokens.make(c.var.session, c.req.valid('json')));
        const site = pageLink(c.req, '');
        const sharex = made.item.scopes.includes('upload')
          ? sharexUploader({ site, token: made.token, hasPaths: http.mediaOrigin === null })
          : null;
        return c.json({ ...made, sharex }, 201);
      },
    )
    .delete(
      '/:id',
      member({ summary: 'Revoke one of the own API tokens', scope: 'none', answers: { 204: null } }),
      validate('param', tokenId),
      async (c) => {
        await tokens.revoke(c.var.session, c.req.valid('param').id);
        return c.body(null, 204);
      },
    );
