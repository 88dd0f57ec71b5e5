import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { admin, member } from '../http/access.ts';
import type { AppEnv } from '../http/env.ts';
import { validate } from '../http/validate.ts';
import { mergeTag, renameTag, tagChanges, taggedMedia, tagParam, tagsQuery } from './tags.schema.ts';
import type { TagsService } from './tags.service.ts';

export interface TagsDeps {
  tags: TagsService;
}

const body = bodyLimit({ maxSize: 64_000 });

/** `/api/tags`. The tags of one item are at `/api/media/:id/tags`. */
export const tagsRoutes = ({ tags }: TagsDeps) =>
  new Hono<AppEnv>()
    .get('/', member, validate('query', tagsQuery), async (c) => {
      const { q, limit } = c.req.valid('query');
      return c.json({ tags: await tags.find(q, limit) });
    })
    .post('/changes', member, body, validate('json', tagChanges), async (c) => {
      const changes = c.req.valid('json');
      return c.json({
        items: await tags.change(changes, c.var.session),
        add: changes.add,
        remove: changes.remove,
      });
    })
    .get('/related/:id', member, validate('param', taggedMedia), async (c) =>
      c.json({ tags: await tags.related(c.req.valid('param').id, c.var.session) }),
    )
    .patch('/:name', admin, validate('param', tagParam), body, validate('json', renameTag), async (c) =>
      c.json(await tags.rename(c.req.valid('param').name, c.req.valid('json').name)),
    )
    .post('/:name/merge', admin, validate('param', tagParam), body, validate('json', mergeTag), async (c) =>
      c.json(await tags.merge(c.req.valid('param').name, c.req.valid('json').into)),
    )
    .delete('/:name', admin, validate('param', tagParam), async (c) => {
      await tags.remove(c.req.valid('param').name);
      return c.body(null, 204);
    });
