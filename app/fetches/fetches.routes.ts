import { Hono } from 'hono';
import { member } from '../http/access.ts';
import type { AppEnv } from '../http/env.ts';
import { limitBody } from '../http/limit-body.ts';
import { validate } from '../http/validate.ts';
import { fetchId, fetchItem, fetchList, fetchRequest } from './fetches.schema.ts';
import type { Fetches } from './fetches.service.ts';

export interface FetchesRoutesDeps {
  fetches: Fetches;
}

/** `/api/media/from-url`: uploads by address. They come before the routes of one item. */
export const fetchesRoutes = ({ fetches }: FetchesRoutesDeps) =>
  new Hono<AppEnv>()
    .get(
      '/from-url',
      member({
        summary: 'The own fetches of the last day, newest first',
        scope: 'upload',
        answers: { 200: fetchList },
      }),
      async (c) => c.json({ items: await fetches.list(c.var.session) }),
    )
    .post(
      '/from-url',
      member({
        summary: 'Add an item from an address; the answer comes before the file',
        scope: 'upload',
        answers: { 202: fetchItem },
        errors: ['fetch_off', 'address_invalid', 'address_refused', 'too_many_fetches'],
      }),
      limitBody(64_000),
      validate('json', fetchRequest),
      async (c) => c.json(await fetches.start(c.var.session, c.req.valid('json')), 202),
    )
    .get(
      '/from-url/:id',
      member({ summary: 'One of the own fetches', scope: 'upload', answers: { 200: fetchItem } }),
      validate('param', fetchId),
      async (c) => c.json(await fetches.get(c.var.session, c.req.valid('param').id)),
    )
    .delete(
      '/from-url/:id',
      member({
        summary: 'Give up one of the own fetches, or forget an ended one',
        scope: 'upload',
        answers: { 204: null },
      }),
      validate('param', fetchId),
      async (c) => {
        await fetches.remove(c.var.session, c.req.valid('param').id);
        return c.body(null, 204);
      },
    );
