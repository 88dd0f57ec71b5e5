import { Hono, type Context } from 'hono';
import { member, owner } from '../http/access.ts';
import type { AppEnv, MemberEnv } from '../http/env.ts';
import { limitBody } from '../http/limit-body.ts';
import { openForm } from '../http/multipart.ts';
import type { ReceiveBudget } from '../http/receive-budget.ts';
import { parseField, validate, validateOptional } from '../http/validate.ts';
import { tagsBody } from '../tags/tags.schema.ts';
import type { TagsService } from '../tags/tags.service.ts';
import {
  knownItem,
  knownQuery,
  mediaId,
  deleteQuery,
  mediaItem,
  renewedItem,
  mediaPatch,
  reprocessBody,
  sha256Param,
} from './media.schema.ts';
import { FILE_ERRORS } from './file-errors.ts';
import { fileForm, uploadFields, uploadForm } from './upload.schema.ts';
import { MAX_TEXT_UNITS } from './media.limits.ts';
import type { AlikeService } from './alike/alike.service.ts';
import type { Purges } from './purge.service.ts';
import type { MediaService } from './media.service.ts';
import type { SpooledFile } from './spool.ts';
import type { Uploads } from './upload.service.ts';

export interface MediaDeps {
  media: MediaService;
  alike: AlikeService;
  purges: Purges;
  uploads: Uploads;
  tags: TagsService;
  upload: {
    maxBytes: number;
    /** Budget in bytes of uploads in transfer or preparation; further uploads wait. */
    budget: ReceiveBudget;
  };
}

/** The errors of every route that receives a file in a form. */
const FORM_ERRORS = ['invalid_multipart', 'file_missing', 'body_too_large', ...FILE_ERRORS] as const;

/** `/api/media` */
export function mediaRoutes(deps: MediaDeps) {
  const { media, alike, purges, uploads, tags } = deps;
  return new Hono<AppEnv>()
    .post(
      '/',
      member({
        summary: 'Add an item',
        scope: 'upload',
        upload: uploadForm,
        answers: { 201: mediaItem },
        errors: [...FORM_ERRORS, 'invalid_field'],
      }),
      (c) =>
        withUpload(c, deps, async (file) => {
          const fields = parseField('fields', uploadFields, Object.fromEntries(file.fields));
          const wanted = { file, by: c.var.session, ...fields };
          return c.json(await uploads.add(wanted), 201);
        }),
    )
    .get(
      '/known/:sha256',
      member({
        summary: 'The item that has a file, or one that looks like it',
        scope: 'read',
        answers: { 200: knownItem },
      }),
      validate('param', sha256Param),
      validate('query', knownQuery),
      async (c) => {
        const id = await media.known(c.req.valid('param').sha256, c.var.session);
        const { look = [] } = c.req.valid('query');
        return c.json({ id, alike: id === null ? await alike.looksLike(look) : null });
      },
    )
    .get(
      '/:id',
      member({ summary: 'One item', scope: 'read', answers: { 200: mediaItem } }),
      validate('param', mediaId),
      async (c) => c.json(await media.get(c.req.valid('param').id, c.var.session)),
    )
    .patch(
      '/:id',
      member({ summary: 'Change title, description or text', scope: 'edit', answers: { 200: mediaItem } }),
      validate('param', mediaId),
      // A character takes at most 6 bytes of JSON.
      limitBody(6 * MAX_TEXT_UNITS),
      validate('json', mediaPatch),
      async (c) => c.json(await media.update(c.req.valid('param').id, c.req.valid('json'), c.var.session)),
    )
    .put(
      '/:id/tags',
      member({ summary: 'Set the tags of an item', scope: 'edit', answers: { 200: mediaItem } }),
      validate('param', mediaId),
      limitBody(32_000),
      validate('json', tagsBody),
      async (c) => {
        const { id } = c.req.valid('param');
        await tags.set(id, c.req.valid('json').tags, c.var.session);
        return c.json(await media.get(id, c.var.session));
      },
    )
    .delete(
      '/:id',
      owner({
        summary: 'Move an item to the trash, or delete one from there for good',
        scope: 'edit',
        answers: { 204: null },
        errors: ['not_in_trash'],
      }),
      validate('param', mediaId),
      validate('query', deleteQuery),
      async (c) => {
        const { id } = c.req.valid('param');
        if (c.req.valid('query').forever) await purges.purge(id, c.var.session);
        else await media.remove(id, c.var.session);
        return c.body(null, 204);
      },
    )
    .post(
      '/:id/restore',
      owner({ summary: 'Restore an item from the trash', scope: 'edit', answers: { 200: mediaItem } }),
      validate('param', mediaId),
      async (c) => c.json(await media.restore(c.req.valid('param').id, c.var.session)),
    )
    .post(
      '/:id/new-address',
      owner({
        summary: 'New addresses of the files of an item; the old ones are gone',
        scope: 'edit',
        answers: { 200: renewedItem },
        errors: ['unavailable'],
      }),
      validate('param', mediaId),
      async (c) => c.json({ item: await media.renewAddress(c.req.valid('param').id, c.var.session) }),
    )
    .put(
      '/:id/file',
      owner({
        summary: 'Replace the file of an item',
        scope: 'edit',
        upload: fileForm,
        answers: { 200: mediaItem },
        errors: FORM_ERRORS,
      }),
      validate('param', mediaId),
      async (c) => {
        const { id } = c.req.valid('param');
        // Checks before the upload is received; `replace` checks again in its transaction.
        await media.requireMine(id, c.var.session);
        return withUpload(c, deps, async (file) => {
          await uploads.replace(id, file, c.var.session);
          return c.json(await media.get(id, c.var.session));
        });
      },
    )
    .post(
      '/:id/reprocess',
      member({ summary: 'Make renditions and text again', scope: 'edit', answers: { 200: mediaItem } }),
      validate('param', mediaId),
      limitBody(1000),
      validateOptional(reprocessBody),
      async (c) => c.json(await media.reprocess(c.req.valid('param').id, c.req.valid('json'), c.var.session)),
    )
    .get(
      '/:id/clipboard',
      member({
        summary: 'The picture as a PNG for the clipboard',
        scope: 'read',
        answers: { 200: 'image/png' },
        errors: ['not_ready', 'broken_file', 'video_unsupported'],
      }),
      validate('param', mediaId),
      async (c) => {
        const png = await media.clipboard(c.req.valid('param').id, c.var.session, c.req.raw.signal);
        return c.body(Uint8Array.from(png), 200, {
          'Content-Type': 'image/png',
          'Cache-Control': 'private, no-cache',
        });
      },
    );
}

/** Receives the file of a form within the budget, passes it to `work` and removes it. */
async function withUpload<T>(
  c: Context<MemberEnv>,
  { upload, uploads }: MediaDeps,
  use: (file: SpooledFile) => Promise<T>,
): Promise<T> {
  const { budget, maxBytes } = upload;
  const announced = Number(c.req.header('content-length') ?? Number.NaN);
  // A file of unannounced size may become one of the largest.
  const claim = Number.isFinite(announced) ? Math.min(announced, maxBytes) : maxBytes;
  using share = budget.open(c.var.session.id, claim);
  await using file = await uploads.receive(await openForm(c, { maxBytes, share }));
  return await use(file);
}
