import { Hono, type Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { member } from '../http/access.ts';
import { describe } from '../http/describe.ts';
import type { AppEnv } from '../http/env.ts';
import { AppError } from '../http/errors.ts';
import { bodyOf } from '../http/request-body.ts';
import { parseField, validate } from '../http/validate.ts';
import { FILE_ERRORS } from '../media/file-errors.ts';
import type { MediaDeps } from '../media/media.routes.ts';
import { mediaItem } from '../media/media.schema.ts';
import { resumableId, resumableUpload, type ResumableUpload } from './resumable.schema.ts';
import type { Resumables } from './resumable.service.ts';
import { byteCount, OFFSET_STREAM, TUS_EXTENSIONS, TUS_VERSION, uploadMetadata } from './tus-headers.ts';

export interface ResumableRoutesDeps extends Pick<MediaDeps, 'upload'> {
  resumables: Resumables;
}

/** `/api/uploads`: tus 1.0. Its answers have JSON beside the headers of the protocol. */
export function resumableRoutes({ resumables, upload: { maxBytes } }: ResumableRoutesDeps) {
  return new Hono<AppEnv>()
    .use(options(maxBytes))
    .post(
      '/',
      member({
        summary: 'Begin a resumable upload, or find an unfinished one of the same file',
        scope: 'upload',
        answers: { 200: resumableUpload, 201: resumableUpload },
        errors: ['invalid_field', 'file_too_large', 'empty_file', 'too_many_uploads'],
      }),
      protocol,
      async (c) => {
        const byteSize = parseField('upload-length', byteCount, c.req.header('upload-length'));
        const { filename, ...more } = parseField(
          'upload-metadata',
          uploadMetadata,
          c.req.header('upload-metadata'),
        );
        const wanted = { byteSize, originalName: filename, ...more };
        const { upload, created } = await resumables.open(wanted, c.var.session);
        c.header('Location', `/api/uploads/${upload.id}`);
        writeState(c, upload);
        return c.json(upload, created ? 201 : 200);
      },
    )
    .get(
      '/:id',
      member({
        summary: 'How much of a resumable upload has come, and its item',
        scope: 'upload',
        answers: { 200: resumableUpload },
      }),
      validate('param', resumableId),
      async (c) => {
        const upload = await resumables.get(c.req.valid('param').id, c.var.session);
        writeState(c, upload);
        return c.json(upload);
      },
    )
    .patch(
      '/:id',
      member({
        summary: 'Send bytes of a resumable upload; the last one answers the item',
        scope: 'upload',
        answers: { 201: mediaItem, 204: null },
        errors: [...FILE_ERRORS, 'invalid_field', 'wrong_offset', 'body_too_large', 'request_timeout'],
      }),
      protocol,
      offsetStream,
      validate('param', resumableId),
      async (c) => {
        const start = parseField('upload-offset', byteCount, c.req.header('upload-offset'));
        const announced = c.req.header('content-length');
        const more = {
          start,
          body: bodyOf(c),
          announced: announced === undefined ? null : Number(announced),
        };
        const upload = await resumables.write(c.req.valid('param').id, more, c.var.session);
        writeState(c, upload);
        return upload.item === null ? c.body(null, 204) : c.json(upload.item, 201);
      },
    )
    .delete(
      '/:id',
      member({
        summary: 'End a resumable upload; an item that it became stays',
        scope: 'upload',
        answers: { 204: null },
      }),
      protocol,
      validate('param', resumableId),
      async (c) => {
        await resumables.cancel(c.req.valid('param').id, c.var.session);
        return c.body(null, 204);
      },
    );
}

/** Names the protocol in every answer, and tells what the server can. */
const options = (maxBytes: number) =>
  createMiddleware(async function options(c, next) {
    c.header('Tus-Resumable', TUS_VERSION);
    if (c.req.method !== 'OPTIONS') return next();
    c.header('Tus-Version', TUS_VERSION);
    c.header('Tus-Extension', TUS_EXTENSIONS);
    c.header('Tus-Max-Size', String(maxBytes));
    return c.body(null, 204);
  });

/** Refuses another version of the protocol. It follows the guard. Errors: `tus_version`. */
const protocol = describe(
  createMiddleware(async function protocol(c, next) {
    if (c.req.header('tus-resumable') !== TUS_VERSION) {
      c.header('Tus-Version', TUS_VERSION);
      throw new AppError('tus_version', `Send the header "Tus-Resumable: ${TUS_VERSION}".`);
    }
    await next();
  }),
  { 'x-errors': ['tus_version'] },
);

/** Refuses a body of another type. Errors: `unsupported_type`. */
const offsetStream = describe(
  createMiddleware(async function offsetStream(c, next) {
    if (c.req.header('content-type') !== OFFSET_STREAM)
      throw new AppError('unsupported_type', `Send the bytes as ${OFFSET_STREAM}.`);
    await next();
  }),
  {
    'x-errors': ['unsupported_type'],
    requestBody: {
      required: true,
      content: { [OFFSET_STREAM]: { schema: { type: 'string', format: 'binary' } } },
    },
  },
);

function writeState(c: Context, { byteSize, offset, expiresAt }: ResumableUpload): void {
  c.header('Upload-Length', String(byteSize));
  c.header('Upload-Offset', String(offset));
  c.header('Upload-Expires', new Date(expiresAt).toUTCString());
}
