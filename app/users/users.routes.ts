import { Hono } from 'hono';
import { admin } from '../http/access.ts';
import type { AppEnv } from '../http/env.ts';
import { limitBody } from '../http/limit-body.ts';
import type { PageLink } from '../http/page-link.ts';
import { validate } from '../http/validate.ts';
import { userDetails, userList, userPatch, resetLink, userId } from './users.schema.ts';
import type { Users } from './users.service.ts';

export interface UsersDeps {
  users: Users;
  pageLink: PageLink;
}

/** `/api/users`: user management, for admins. */
export const usersRoutes = ({ users, pageLink }: UsersDeps) =>
  new Hono<AppEnv>()
    .get('/', admin({ summary: 'All users', scope: 'admin', answers: { 200: userList } }), async (c) =>
      c.json({ items: await users.list() }),
    )
    .patch(
      '/:id',
      admin({
        summary: 'Change the role of a user, disable or enable the account',
        scope: 'none',
        answers: { 200: userDetails },
        errors: ['last_admin'],
      }),
      limitBody(4_000),
      validate('param', userId),
      validate('json', userPatch),
      async (c) => c.json(await users.update(c.req.valid('param').id, c.req.valid('json'), c.var.session)),
    )
    .post(
      '/:id/reset',
      admin({
        summary: 'Create a link that sets a new password',
        scope: 'none',
        answers: { 201: resetLink },
      }),
      validate('param', userId),
      async (c) => {
        const { code, expiresAt } = await users.resetCode(c.req.valid('param').id, c.var.session);
        return c.json({ code, link: pageLink(c.req, `/reset/${code}`), expiresAt }, 201);
      },
    );
