import type { Readable } from 'node:stream';
import type { Context } from 'hono';
import { parseRange } from '../http/range.ts';
import type { ByteRange, ObjectInfo } from '../storage/storage.ts';
import { webStream } from '../util/web-stream.ts';

/** An object to send. `headers` are those of the whole object; `etag` is absent if none is told. */
export interface SentObject {
  info: Pick<ObjectInfo, 'size' | 'contentType'>;
  headers: Headers;
  etag?: string;
  /** Opens the object, or a range of it; called when the client reads. */
  open: (range?: ByteRange) => Promise<Readable>;
}

/**
 * Sends an object as the request wants it: whole, a range, headers, or nothing to a client with a
 * copy.
 */
export function sendObject(
  c: Context,
  { info: { size, contentType }, headers, etag, open }: SentObject,
): Response {
  headers.set('Accept-Ranges', 'bytes');
  headers.set('Content-Type', contentType);
  if (etag !== undefined) headers.set('ETag', etag);
  if (etag !== undefined && matches(c.req.header('if-none-match'), etag))
    return new Response(null, { status: 304, headers });

  const ifRange = c.req.header('if-range');
  const wanted = ifRange === undefined || ifRange === etag ? c.req.header('range') : undefined;
  const range = parseRange(wanted, size);
  if (range === 'unsatisfiable') {
    headers.set('Content-Range', `bytes */${size}`);
    return new Response(null, { status: 416, headers });
  }
  headers.set('Content-Length', String(range ? range.end - range.start + 1 : size));
  if (range) headers.set('Content-Range', `bytes ${range.start}-${range.end}/${size}`);
  const status = range ? 206 : 200;
  if (c.req.method === 'HEAD') return new Response(null, { status, headers });
  return new Response(
    webStream(() => open(range ?? undefined)),
    { status, headers },
  );
}

/** Evaluates `If-None-Match` (RFC 9110 §13.1.2): a list of tags, compared weakly, or `*`. */
const matches = (header: string | undefined, etag: string) =>
  header !== undefined &&
  header.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
