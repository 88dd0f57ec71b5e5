import { Hono } from 'hono';
import { open } from '../http/access.ts';
import type { AppEnv } from '../http/env.ts';
import { parseRange } from '../http/range.ts';
import { validate } from '../http/validate.ts';
import { contentDisposition } from '../storage/disposition.ts';
import { webStream } from '../util/web-stream.ts';
import { fileKey, fileQuery } from './files.schema.ts';
import type { FilesService } from './files.service.ts';

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
        c.header('Cache-Control', download ? 'no-store' : 'public, max-age=3600');
        return c.redirect(redirectUrl, 302);
      }
      const object = await files.info(key);
      // A key is written once, so it identifies its content.
      const etag = `"${key}"`;
      const headers = new Headers({
        'Accept-Ranges': 'bytes',
        'Cache-Control': 'public, max-age=31536000, immutable',
        'Content-Type': object.contentType,
        ETag: etag,
        'Last-Modified': object.lastModified.toUTCString(),
      });
      if (download) {
        headers.set('Content-Disposition', contentDisposition('attachment', await files.downloadName(key)));
      }
      if (matches(c.req.header('if-none-match'), etag)) return new Response(null, { status: 304, headers });

      const ifRange = c.req.header('if-range');
      const wanted = ifRange === undefined || ifRange === etag ? c.req.header('range') : undefined;
      const range = parseRange(wanted, object.size);
      if (range === 'unsatisfiable') {
        headers.set('Content-Range', `bytes */${object.size}`);
        return new Response(null, { status: 416, headers });
      }
      headers.set('Content-Length', String(range ? range.end - range.start + 1 : object.size));
      if (range) headers.set('Content-Range', `bytes ${range.start}-${range.end}/${object.size}`);
      const status = range ? 206 : 200;
      if (c.req.method === 'HEAD') return new Response(null, { status, headers });
      return new Response(
        webStream(() => files.read(key, range ?? undefined)),
        { status, headers },
      );
    },
  );

/** Evaluates `If-None-Match` (RFC 9110 §13.1.2): a list of tags, compared weakly, or `*`. */
const matches = (header: string | undefined, etag: string) =>
  header !== undefined &&
  header.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
