import { Hono } from 'hono';
import { open } from '../http/access.ts';
import type { AppEnv } from '../http/env.ts';
import { validate } from '../http/validate.ts';
import { contentDisposition } from '../storage/disposition.ts';
import { OBJECT_CACHE_CONTROL } from '../storage/storage.ts';
import { fileKey, fileQuery } from './files.schema.ts';
import type { FilesService } from './files.service.ts';
import { sendObject } from './send-object.ts';

/**
 * `/api/files`: the objects, public, unguessable and immutable under their key. Local storage
 * serves the bytes here. S3 gets a redirect: no media byte passes the app.
 */
export const filesRoutes = (files: FilesService) =>
  new Hono<AppEnv>().get(
    '/:key',
    open({
      summary: 'A stored file, or a part of it',
      answers: { 200: '*/*', 206: '*/*', 302: null, 304: null, 416: null },
      errors: ['not_found', 'unavailable'],
    }),
    validate('param', fileKey),
    validate('query', fileQuery),
    async (c) => {
      const { key } = c.req.valid('param');
      const download = c.req.valid('query').download !== undefined;
      // A signed address is for this request only. The public one lasts, also in links shared before
      // a move to S3.
      const redirectUrl = await files.redirectUrl(key, download);
      if (redirectUrl !== null) {
        c.header('Cache-Control', download ? 'no-store' : OBJECT_CACHE_CONTROL);
        return c.redirect(redirectUrl, 302);
      }
      const info = await files.info(key);
      const headers = new Headers({
        'Cache-Control': OBJECT_CACHE_CONTROL,
        'Last-Modified': info.lastModified.toUTCString(),
      });
      if (download) {
        headers.set('Content-Disposition', contentDisposition('attachment', await files.downloadName(key)));
      }
      // A key is written once, so it identifies its content.
      return sendObject(c, { info, headers, etag: `"${key}"`, open: (range) => files.read(key, range) });
    },
  );
