import { Hono } from 'hono';
import { codeRequest } from '../auth/auth.schema.ts';
import { member, open, owner } from '../http/access.ts';
import type { Caller } from '../http/client-address.ts';
import type { AppEnv } from '../http/env.ts';
import { limitBody } from '../http/limit-body.ts';
import type { PageLink } from '../http/page-link.ts';
import { PER_ADDRESS, type RateLimits } from '../http/rate-limit.ts';
import { validate } from '../http/validate.ts';
import { createdInvite, inviteId, inviteInfo, inviteList, newInvite } from './invites.schema.ts';
import type { Invites } from './invites.service.ts';

export interface InvitesDeps {
  invites: Invites;
  pageLink: PageLink;
  limits: RateLimits;
  caller: Caller;
}

const smallBody = limitBody(4_000);
const codesByAddress = { name: 'code-address', ...PER_ADDRESS };

/** `/api/invites` */
export const invitesRoutes = ({ invites, pageLink, limits, caller }: InvitesDeps) =>
  new Hono<AppEnv>()
    .get(
      '/',
      member({ summary: 'The own invites; all for an admin', scope: 'none', answers: { 200: inviteList } }),
      async (c) => c.json(await invites.list(c.var.session)),
    )
    .post(
      '/',
      member({
        summary: 'Create an invite',
        scope: 'none',
        answers: { 201: createdInvite },
        errors: ['invites_closed'],
      }),
      smallBody,
      validate('json', newInvite),
      async (c) => {
        const created = await invites.create(c.var.session, c.req.valid('json'));
        return c.json({ ...created, link: pageLink(c.req, `/join/${created.code}`) }, 201);
      },
    )
    // POST keeps the code out of addresses and logs.
    .post(
      '/check',
      open({
        summary: 'The user who invites',
        scope: 'none',
        answers: { 200: inviteInfo },
        errors: ['invite_unknown', 'invite_used', 'invite_expired', 'invite_revoked', 'too_many_attempts'],
      }),
      smallBody,
      validate('json', codeRequest),
      async (c) => {
        const subjects = [{ limit: codesByAddress, subject: caller(c) }];
        return c.json(await limits.attempt(subjects, () => invites.check(c.req.valid('json').code)), 200);
      },
    )
    .delete(
      '/:id',
      owner({ summary: 'Revoke an invite', scope: 'none', answers: { 204: null }, errors: ['invite_used'] }),
      validate('param', inviteId),
      async (c) => {
        await invites.revoke(c.req.valid('param').id, c.var.session);
        return c.body(null, 204);
      },
    );
