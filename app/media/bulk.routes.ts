import { Hono } from 'hono';
import { member } from '../http/access.ts';
import type { AppEnv } from '../http/env.ts';
import { limitBody } from '../http/limit-body.ts';
import { validate } from '../http/validate.ts';
import { contentDisposition } from '../storage/disposition.ts';
import { itemIds, movedItems, restoredItems, trashEmptied, trashQuery, zipForm } from './bulk.schema.ts';
import type { Purges } from './purge.service.ts';
import type { BulkService } from './bulk.service.ts';

export interface BulkDeps {
  bulk: BulkService;
  purges: Purges;
}

const body = limitBody(64_000);

/** `/api/media` for many items at once. */
export const bulkRoutes = ({ bulk, purges }: BulkDeps) =>
  new Hono<AppEnv>()
    .post(
      '/trash',
      member({ summary: 'Move items to the trash', scope: 'edit', answers: { 200: movedItems } }),
      body,
      validate('json', itemIds),
      async (c) => c.json(await bulk.remove(c.req.valid('json').ids, c.var.session)),
    )
    .post(
      '/restore',
      member({ summary: 'Restore items from the trash', scope: 'edit', answers: { 200: restoredItems } }),
      body,
      validate('json', itemIds),
      async (c) => c.json(await bulk.restore(c.req.valid('json').ids, c.var.session)),
    )
    .post(
      '/purge',
      member({ summary: 'Delete items of the trash for good', scope: 'edit', answers: { 200: movedItems } }),
      body,
      validate('json', itemIds),
      async (c) => c.json(await purges.purgeAll(c.req.valid('json').ids, c.var.session)),
    )
    .post(
      '/zip',
      member({
        summary: 'The originals of items as one archive',
        scope: 'read',
        answers: { 200: 'application/zip' },
        errors: ['not_found'],
      }),
      body,
      validate('form', zipForm),
      async (c) => {
        const zip = await bulk.zip(c.req.valid('form').ids, c.var.session);
        const day = new Date().toISOString().slice(0, 10);
        return c.body(zip.body, 200, {
          'Content-Type': 'application/zip',
          'Content-Length': String(zip.size),
          'Content-Disposition': contentDisposition('attachment', `meemikansio-${day}.zip`),
          'Cache-Control': 'no-store',
        });
      },
    );

/** `/api/trash`: the trash as a whole. */
export const trashRoutes = ({ purges }: Pick<BulkDeps, 'purges'>) =>
  new Hono<AppEnv>().delete(
    '/',
    member({
      summary: 'Empty the trash: one’s own, or that of all for an admin',
      scope: 'edit',
      answers: { 200: trashEmptied },
      errors: ['not_allowed'],
    }),
    validate('query', trashQuery),
    async (c) => c.json(await purges.empty(c.var.session, c.req.valid('query').scope)),
  );
