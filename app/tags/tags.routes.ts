import { Hono } from 'hono';
import { admin, member } from '../http/access.ts';
import type { AppEnv } from '../http/env.ts';
import { limitBody } from '../http/limit-body.ts';
import { validate } from '../http/validate.ts';
import {
  mergeTag,
  renameTag,
  tagChanges,
  tagChangesDone,
  taggedMedia,
  tagList,
  tagParam,
  tagsQuery,
  tagWithUses,
} from './tags.schema.ts';
import type { TagsService } from './tags.service.ts';

export interface TagsDeps {
  tags: TagsService;
}

const body = limitBody(64_000);

/** `/api/tags`. The tags of one item are at `/api/media/:id/tags`. */
export const tagsRoutes = ({ tags }: TagsDeps) =>
  new Hono<AppEnv>()
    .get(
      '/',
      member({
        summary: 'Tags by their beginning, most used first',
        scope: 'read',
        answers: { 200: tagList },
      }),
      validate('query', tagsQuery),
      async (c) => c.json({ tags: await tags.find(c.req.valid('query')) }),
    )
    .post(
      '/changes',
      member({
        summary: 'Add and remove tags of many items',
        scope: 'edit',
        answers: { 200: tagChangesDone },
      }),
      body,
      validate('json', tagChanges),
      async (c) => {
        const changes = c.req.valid('json');
        return c.json({
          items: await tags.change(changes, c.var.session),
          add: changes.add,
          remove: changes.remove,
        });
      },
    )
    .get(
      '/related/:id',
      member({
        summary: 'Tags that occur together with those of an item',
        scope: 'read',
        answers: { 200: tagList },
      }),
      validate('param', taggedMedia),
      async (c) => c.json({ tags: await tags.related(c.req.valid('param').id, c.var.session) }),
    )
    .patch(
      '/:name',
      admin({
        summary: 'Rename a tag',
        scope: 'admin',
        answers: { 200: tagWithUses },
        errors: ['tag_taken'],
      }),
      validate('param', tagParam),
      body,
      validate('json', renameTag),
      async (c) => c.json(await tags.rename(c.req.valid('param').name, c.req.valid('json').name)),
    )
    .post(
      '/:name/merge',
      admin({ summary: 'Merge a tag into another', scope: 'admin', answers: { 200: tagWithUses } }),
      validate('param', tagParam),
      body,
      validate('json', mergeTag),
      async (c) => c.json(await tags.merge(c.req.valid('param').name, c.req.valid('json').into)),
    )
    .delete(
      '/:name',
      admin({ summary: 'Delete a tag', scope: 'admin', answers: { 204: null } }),
      validate('param', tagParam),
      async (c) => {
        await tags.remove(c.req.valid('param').name);
        return c.body(null, 204);
      },
    );
