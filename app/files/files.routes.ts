import { Hono, type Context } from 'hono';
import { open } from '../http/access.ts';
import type { AppEnv } from '../http/env.ts';
import { AppError } from '../http/errors.ts';
import { validate } from '../http/validate.ts';
import { contentDisposition } from '../storage/disposition.ts';
import { OBJECT_CACHE_CONTROL } from '../storage/storage.ts';
import { fileKey, fileQuery } from './files.schema.ts';
import type { FilesService } from './files.service.ts';
import { missingPage } from './missing-page.ts';
import { sendObject } from './send-object.ts';

/**
 * `/api/files`: the objects, public, unguessable and immutable under their key. Local storage
 * serves the bytes here. S3 gets a redirect: no media byte passes the app. A person who opens the
 * address of a file that browsers would save gets the version that plays.
 */
export const filesRoutes = (files: FilesService) =>
  new Hono<AppEnv>().get(
    '/:key',
    open({
      summary: 'A stored file, or a part of it',
      scope: 'any',
      answers: { 200: '*/*', 206: '*/*', 302: null, 304: null, 404: 'text/html', 416: null },
      errors: ['not_found', 'unavailable'],
    }),
    validate('param', fileKey),
    validate('query', fileQuery),
    async (c) => {
      const { key } = c.req.valid('param');
      const download = c.req.valid('query').download !== undefined;
      const opened = !download && isOpened(c);
      // A signed address is for this request only. The public one lasts, also in links shared
      // before a move to S3.
      const redirectUrl = await files.redirectUrl(key, { download, opened });
      if (redirectUrl !== null) {
        c.header('Cache-Control', download ? 'no-store' : OBJECT_CACHE_CONTROL);
        c.header('Vary', OPENED_BY);
        return c.redirect(redirectUrl, 302);
      }
      const sent = await sendObject(c, async () => {
        const info = await files.info(key);
        if (info === null) return null;
        const headers = new Headers({
          'Cache-Control': OBJECT_CACHE_CONTROL,
          'Last-Modified': info.lastModified.toUTCString(),
        });
        if (download)
          headers.set('Content-Disposition', contentDisposition('attachment', await files.downloadName(key)));
        // A key is written once, so it identifies its content.
        return { info, headers, etag: `"${key}"`, open: (range) => files.read(key, range) };
      });
      if (sent !== null) return sent;
      const mergedUrl = await files.mergedUrl(key);
      if (mergedUrl !== null) {
        c.header('Cache-Control', 'no-store');
        return c.redirect(download ? `${mergedUrl}?download` : mergedUrl, 302);
      }
      if (!opened) throw new AppError('not_found', 'There is no such file here.');
      c.header('Cache-Control', 'no-cache');
      c.header('Vary', OPENED_BY);
      return c.html(missingPage(c.req.header('accept-language')), 404);
    },
  );

/** Headers that {@link isOpened} reads, for caches. */
const OPENED_BY = 'Accept, Sec-Fetch-Dest';

/**
 * Tells whether the address is opened on its own: not shown in a page, not read by a program. Old
 * browsers send no `Sec-Fetch-Dest`, but ask for HTML first.
 */
function isOpened(c: Context<AppEnv>): boolean {
  const destination = c.req.header('sec-fetch-dest');
  if (destination !== undefined) return destination === 'document';
  return c.req.header('accept')?.startsWith('text/html') === true;
}
