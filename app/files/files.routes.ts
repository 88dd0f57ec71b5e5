import type { Readable } from 'node:stream';
import { Hono } from 'hono';
import { open } from '../http/access.ts';
import type { AppEnv } from '../http/env.ts';
import { parseRange } from '../http/range.ts';
import type { FilesService } from './files.service.ts';

/** `/api/files`: the objects of local storage, public and unguessable, immutable under their key. */
export const filesRoutes = (files: FilesService) =>
  new Hono<AppEnv>().get('/:key', open, async (c) => {
    const key = c.req.param('key');
    const object = await files.info(key);
    const etag = `"${key}"`; // a key is written once, so it names its content
    const headers = new Headers({
      'Accept-Ranges': 'bytes',
      'Cache-Control': 'public, max-age=31536000, immutable',
      'Content-Type': object.contentType,
      ETag: etag,
      'Last-Modified': object.lastModified.toUTCString(),
    });
    if (c.req.query('download') !== undefined) {
      headers.set('Content-Disposition', attachment(await files.downloadName(key)));
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
    return new Response(webStream(await files.read(key, range ?? undefined)), { status, headers });
  });

/** `If-None-Match` of RFC 9110 §13.1.2: a list of tags, compared weakly, or `*`. */
const matches = (header: string | undefined, etag: string) =>
  header !== undefined &&
  header.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);

/** RFC 6266 with RFC 8187: an ASCII fallback and the real name in UTF-8. */
function attachment(name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}

/** A plain web stream of bytes, pulled chunk by chunk; the file is closed when the reader goes away. */
function webStream(body: Readable): ReadableStream<Uint8Array> {
  const chunks: AsyncIterator<Uint8Array> = body[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel() {
      body.destroy();
    },
  });
}
