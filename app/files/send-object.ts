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
  /** Opens the object, or a range of it; `null` if it is gone. Called for an answer with bytes. */
  open: (range?: ByteRange) => Promise<Readable | null>;
}

/** Looks for an object that changes its key at the same moment. */
const MAX_TRIES = 5;

/**
 * Finds an object and sends it as the request wants it. That is whole, a range, headers, or nothing
 * to a client with a copy. Opens it before the answer begins, and finds it again if it went away.
 * Returns `null` if it is not there. `find` may also answer itself, with a redirect.
 */
export async function sendObject(
  c: Context,
  find: () => Promise<SentObject | Response | null>,
): Promise<Response | null> {
  for (let tries = MAX_TRIES; tries > 0; tries--) {
    const object = await find();
    if (object === null || object instanceof Response) return object;
    const sent = await answer(c, object);
    if (sent !== null) return sent;
  }
  return null;
}

/** Returns `null` if the object is gone. */
async function answer(
  c: Context,
  { info: { size, contentType }, headers, etag, open }: SentObject,
): Promise<Response | null> {
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
  const bytes = await open(range ?? undefined);
  return bytes && new Response(webStream(bytes), { status, headers });
}

/** Evaluates `If-None-Match` (RFC 9110 §13.1.2): a list of tags, compared weakly, or `*`. */
const matches = (header: string | undefined, etag: string) =>
  header !== undefined &&
  header.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
