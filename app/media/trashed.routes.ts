import { Hono } from 'hono';
import { fileQuery } from '../files/files.schema.ts';
import { sendObject } from '../files/send-object.ts';
import { member } from '../http/access.ts';
import type { AppEnv } from '../http/env.ts';
import { AppError } from '../http/errors.ts';
import { validate } from '../http/validate.ts';
import { contentDisposition } from '../storage/disposition.ts';
import { trashedFile } from './media.schema.ts';
import type { TrashedFiles } from './trashed.service.ts';

export interface TrashedDeps {
  trashedFiles: TrashedFiles;
}

/**
 * `/api/media/:id/trashed/:role`: the files of an item in the trash, for those who see it. The
 * bytes pass the app and no cache may keep them. A bucket lets everybody read every key, so no
 * answer tells one.
 */
export const trashedRoutes = ({ trashedFiles }: TrashedDeps) =>
  new Hono<AppEnv>().get(
    '/:id/trashed/:role',
    member({
      summary: 'A file of an item in the trash, or a part of it, for those who see the item',
      scope: 'read',
      answers: { 200: '*/*', 206: '*/*', 416: null },
      errors: ['not_found', 'unavailable'],
    }),
    validate('param', trashedFile),
    validate('query', fileQuery),
    async (c) => {
      const { id, role } = c.req.valid('param');
      const download = c.req.valid('query').download !== undefined;
      const sent = await sendObject(c, async () => {
        const file = await trashedFiles.find(id, role, c.var.session);
        const headers = new Headers({ 'Cache-Control': 'no-store' });
        if (download) headers.set('Content-Disposition', contentDisposition('attachment', file.downloadName));
        return { info: file.info, headers, open: file.open };
      });
      if (sent === null) throw new AppError('not_found', 'There is no such file here.');
      return sent;
    },
  );
