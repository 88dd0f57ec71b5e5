import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { member } from '../http/access.ts';
import type { AppEnv } from '../http/env.ts';
import { textField } from '../http/text.schema.ts';
import { receiveFile } from '../http/upload.ts';
import { parseField, validate } from '../http/validate.ts';
import type { SearchService } from '../search/search.service.ts';
import { tagsBody, uploadTags } from '../tags/tags.schema.ts';
import type { TagsService } from '../tags/tags.service.ts';
import { SNIFF_BYTES } from './formats/sniff.ts';
import { mediaId, mediaListQuery, mediaPatch, sha256Param } from './media.schema.ts';
import type { MediaService } from './media.service.ts';
import type { Uploads } from './upload.service.ts';

export interface MediaDeps {
  media: MediaService;
  uploads: Uploads;
  search: SearchService;
  tags: TagsService;
  upload: { maxBytes: number; directory: string };
}

const title = textField(200);

/** `/api/media` */
export const mediaRoutes = ({ media, uploads, search, tags, upload }: MediaDeps) =>
  new Hono<AppEnv>()
    .get('/', member, validate('query', mediaListQuery), async (c) =>
      c.json(await search.list(c.req.valid('query'), c.var.session)),
    )
    .post('/', member, async (c) => {
      await using file = await receiveFile(c, {
        ...upload,
        checkHead: (head) => uploads.checkHead(head),
        headBytes: SNIFF_BYTES,
      });
      const wanted = {
        file,
        ownerId: c.var.session.id,
        title: parseField('title', title, file.fields.get('title') ?? ''),
        tags: parseField('tags', uploadTags, file.fields.get('tags') ?? ''),
      };
      return c.json(await media.get(await uploads.add(wanted)), 201);
    })
    .get('/known/:sha256', member, validate('param', sha256Param), async (c) =>
      c.json({ id: await media.known(c.req.valid('param').sha256) }),
    )
    .get('/:id', member, validate('param', mediaId), async (c) =>
      c.json(await media.get(c.req.valid('param').id)),
    )
    .patch(
      '/:id',
      member,
      validate('param', mediaId),
      bodyLimit({ maxSize: 32_000 }),
      validate('json', mediaPatch),
      async (c) => c.json(await media.update(c.req.valid('param').id, c.req.valid('json'))),
    )
    .put(
      '/:id/tags',
      member,
      validate('param', mediaId),
      bodyLimit({ maxSize: 32_000 }),
      validate('json', tagsBody),
      async (c) => {
        const { id } = c.req.valid('param');
        await tags.set(id, c.req.valid('json').tags);
        return c.json(await media.get(id));
      },
    )
    .delete('/:id', member, validate('param', mediaId), async (c) => {
      await media.remove(c.req.valid('param').id, c.var.session);
      return c.body(null, 204);
    })
    .post('/:id/restore', member, validate('param', mediaId), async (c) =>
      c.json(await media.restore(c.req.valid('param').id, c.var.session)),
    );
