import { Hono } from 'hono';
import { member, owner } from '../http/access.ts';
import type { AppEnv } from '../http/env.ts';
import { limitBody } from '../http/limit-body.ts';
import type { PageLink } from '../http/page-link.ts';
import { validate } from '../http/validate.ts';
import {
  newShare,
  shareAnswer,
  shareEnd,
  shareLink,
  shareList,
  shareListQuery,
  shareParam,
  sharePatch,
  shareScope,
  sharesRevoked,
} from './shares.schema.ts';
import type { Shares, ShareView } from './shares.service.ts';

export interface SharesDeps {
  shares: Shares;
  pageLink: PageLink;
}

/** 100 ids take 4,000 bytes. */
const smallBody = limitBody(16_000);

/** `/api/shares`: making, listing and ending share links. The pages themselves are under `/s`. */
export function sharesRoutes({ shares, pageLink }: SharesDeps) {
  const withUrl = <View extends ShareView>(request: Parameters<PageLink>[0], view: View) => ({
    ...view,
    url: pageLink(request, `/s/${view.code}`),
  });
  return new Hono<AppEnv>()
    .get(
      '/',
      member({
        summary: 'Share links, newest first: the own ones, or all for an admin',
        scope: 'read',
        answers: { 200: shareList },
        errors: ['invalid_cursor', 'not_allowed'],
      }),
      validate('query', shareListQuery),
      async (c) => {
        const { shares: page, next } = await shares.list(c.var.session, c.req.valid('query'));
        return c.json({ shares: page.map((view) => withUrl(c.req, view)), next });
      },
    )
    .post(
      '/',
      member({
        summary: 'Share items by a link',
        scope: 'edit',
        answers: { 201: shareAnswer },
        errors: ['not_allowed', 'not_found'],
      }),
      smallBody,
      validate('json', newShare),
      async (c) =>
        c.json({ share: withUrl(c.req, await shares.create(c.var.session, c.req.valid('json'))) }, 201),
    )
    .delete(
      '/',
      member({
        summary: 'End the own share links, or all for an admin',
        scope: 'edit',
        answers: { 200: sharesRevoked },
        errors: ['not_allowed'],
      }),
      validate('query', shareScope),
      async (c) => c.json({ revoked: await shares.revokeAll(c.var.session, c.req.valid('query').scope) }),
    )
    .post(
      '/link',
      member({
        summary: 'The own lasting share link of an item, made on the first call',
        scope: 'edit',
        answers: { 200: shareAnswer },
        errors: ['not_found'],
      }),
      smallBody,
      validate('json', shareLink),
      async (c) =>
        c.json({ share: withUrl(c.req, await shares.link(c.var.session, c.req.valid('json').itemId)) }),
    )
    .get(
      '/:code',
      owner({ summary: 'A share link', scope: 'read', answers: { 200: shareAnswer } }),
      validate('param', shareParam),
      async (c) =>
        c.json({ share: withUrl(c.req, await shares.get(c.req.valid('param').code, c.var.session)) }),
    )
    .patch(
      '/:code',
      owner({ summary: 'Change a share link', scope: 'edit', answers: { 200: shareAnswer } }),
      validate('param', shareParam),
      smallBody,
      validate('json', sharePatch),
      async (c) => {
        const { code } = c.req.valid('param');
        return c.json({
          share: withUrl(c.req, await shares.update(code, c.req.valid('json'), c.var.session)),
        });
      },
    )
    .delete(
      '/:code',
      owner({ summary: 'End a share link', scope: 'edit', answers: { 204: null } }),
      validate('param', shareParam),
      validate('query', shareEnd),
      async (c) => {
        const { endFileAddress } = c.req.valid('query');
        await shares.revoke(c.req.valid('param').code, c.var.session, endFileAddress);
        return c.body(null, 204);
      },
    );
}
