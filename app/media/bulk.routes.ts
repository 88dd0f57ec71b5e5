import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { member } from '../http/access.ts';
import type { AppEnv } from '../http/env.ts';
import { validate } from '../http/validate.ts';
import { contentDisposition } from '../storage/disposition.ts';
import { selection, zipForm } from './bulk.schema.ts';
import type { SelectionService } from './bulk.service.ts';

export interface SelectionDeps {
  selections: SelectionService;
}

const body = bodyLimit({ maxSize: 64_000 });

/** `/api/media` for many items at once. */
export const selectionRoutes = ({ selections }: SelectionDeps) =>
  new Hono<AppEnv>()
    .post('/trash', member, body, validate('json', selection), async (c) =>
      c.json(await selections.remove(c.req.valid('json').ids, c.var.session)),
    )
    .post('/restore', member, body, validate('json', selection), async (c) =>
      c.json(await selections.restore(c.req.valid('json').ids, c.var.session)),
    )
    .post('/zip', member, body, validate('form', zipForm), async (c) => {
      const zip = await selections.zip(c.req.valid('form').ids, c.var.session);
      const day = new Date().toISOString().slice(0, 10);
      return c.body(zip.body, 200, {
        'Content-Type': 'application/zip',
        'Content-Length': String(zip.size),
        'Content-Disposition': contentDisposition('attachment', `meemikansio-${day}.zip`),
        'Cache-Control': 'no-store',
      });
    });
