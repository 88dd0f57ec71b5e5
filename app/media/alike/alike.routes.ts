import { Hono } from 'hono';
import { member } from '../../http/access.ts';
import type { AppEnv } from '../../http/env.ts';
import { validate } from '../../http/validate.ts';
import { mediaId } from '../media.schema.ts';
import { alikeAnswer, alikeQuery } from './alike.schema.ts';
import type { AlikeService } from './alike.service.ts';

export interface AlikeDeps {
  alike: AlikeService;
}

/** `/api/media/:id/alike` */
export const alikeRoutes = ({ alike }: AlikeDeps) =>
  new Hono<AppEnv>().get(
    '/:id/alike',
    member({
      summary: 'Newest items with the same picture: with the same words, and with others',
      scope: 'read',
      answers: { 200: alikeAnswer },
      errors: ['not_found'],
    }),
    validate('param', mediaId),
    validate('query', alikeQuery),
    async (c) => c.json(await alike.find(c.req.valid('param').id, c.req.valid('query'), c.var.session)),
  );
