import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { admin } from '../http/access.ts';
import type { AppEnv } from '../http/env.ts';
import type { PageLink } from '../http/page-link.ts';
import { validate } from '../http/validate.ts';
import { personPatch, userId } from './users.schema.ts';
import type { Users } from './users.service.ts';

export interface UsersDeps {
  users: Users;
  pageLink: PageLink;
}

/** `/api/users`: user management, for admins. */
export const usersRoutes = ({ users, pageLink }: UsersDeps) =>
  new Hono<AppEnv>()
    .get('/', admin, async (c) => c.json({ items: await users.list() }))
    .patch(
      '/:id',
      admin,
      bodyLimit({ maxSize: 4_000 }),
      validate('param', userId),
      validate('json', personPatch),
      async (c) => c.json(await users.update(c.req.valid('param').id, c.req.valid('json'), c.var.session)),
    )
    .post('/:id/reset', admin, validate('param', userId), async (c) => {
      const { code, expiresAt } = await users.resetCode(c.req.valid('param').id, c.var.session);
      return c.json({ code, link: pageLink(c.req, `/reset/${code}`), expiresAt }, 201);
    });
