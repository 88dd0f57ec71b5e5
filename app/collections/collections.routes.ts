import { Hono } from 'hono';
import { member, owner } from '../http/access.ts';
import type { AppEnv } from '../http/env.ts';
import { limitBody } from '../http/limit-body.ts';
import { validate } from '../http/validate.ts';
import { itemIds } from '../media/bulk.schema.ts';
import {
  collectedItems,
  collection,
  collectionList,
  collectionMove,
  collectionParam,
  collectionPatch,
  collectionsQuery,
  itemsAdded,
  itemsRemoved,
  newCollection,
} from './collections.schema.ts';
import type { CollectionsService } from './collections.service.ts';

export interface CollectionsDeps {
  collections: CollectionsService;
}

const body = limitBody(64_000);

/** `/api/collections`. `GET /api/media?q=in:"NAME"` lists the items of one. */
export const collectionsRoutes = ({ collections }: CollectionsDeps) =>
  new Hono<AppEnv>()
    .get(
      '/',
      member({
        summary: 'Collections by name',
        scope: 'read',
        answers: { 200: collectionList },
        errors: ['invalid_cursor'],
      }),
      validate('query', collectionsQuery),
      async (c) => c.json(await collections.list(c.req.valid('query'))),
    )
    .post(
      '/',
      member({
        summary: 'Make a collection',
        scope: 'edit',
        answers: { 201: collection },
        errors: ['collection_taken'],
      }),
      body,
      validate('json', newCollection),
      async (c) => c.json(await collections.create(c.req.valid('json'), c.var.session), 201),
    )
    .get(
      '/:collection',
      member({ summary: 'One collection', scope: 'read', answers: { 200: collection } }),
      validate('param', collectionParam),
      async (c) => c.json(await collections.get(c.req.valid('param').collection)),
    )
    .patch(
      '/:collection',
      owner({
        summary: 'Change the name, description or order of a collection',
        scope: 'edit',
        answers: { 200: collection },
        errors: ['collection_taken'],
      }),
      validate('param', collectionParam),
      body,
      validate('json', collectionPatch),
      async (c) =>
        c.json(await collections.update(c.req.valid('param').collection, c.req.valid('json'), c.var.session)),
    )
    .delete(
      '/:collection',
      owner({ summary: 'Delete a collection; its items stay', scope: 'edit', answers: { 204: null } }),
      validate('param', collectionParam),
      async (c) => {
        await collections.remove(c.req.valid('param').collection, c.var.session);
        return c.body(null, 204);
      },
    )
    .post(
      '/:collection/items',
      member({
        summary: 'Add items to a collection',
        scope: 'edit',
        answers: { 200: itemsAdded },
        errors: ['not_found', 'collection_full'],
      }),
      validate('param', collectionParam),
      body,
      validate('json', collectedItems),
      async (c) =>
        c.json(
          await collections.addItems(c.req.valid('param').collection, c.req.valid('json'), c.var.session),
        ),
    )
    .post(
      '/:collection/remove',
      member({
        summary: 'Remove items from a collection',
        scope: 'edit',
        answers: { 200: itemsRemoved },
        errors: ['not_found'],
      }),
      validate('param', collectionParam),
      body,
      validate('json', itemIds),
      async (c) =>
        c.json(
          await collections.removeItems(
            c.req.valid('param').collection,
            c.req.valid('json').ids,
            c.var.session,
          ),
        ),
    )
    .put(
      '/:collection/order',
      owner({
        summary: 'Move items of a collection behind another one',
        scope: 'edit',
        answers: { 204: null },
      }),
      validate('param', collectionParam),
      body,
      validate('json', collectionMove),
      async (c) => {
        await collections.move(c.req.valid('param').collection, c.req.valid('json'), c.var.session);
        return c.body(null, 204);
      },
    );
