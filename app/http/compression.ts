import { compress } from 'hono/compress';
import { createMiddleware } from 'hono/factory';

/**
 * Compresses JSON, for whoever takes it: a page of the list is a fifth of its size then, which is seen on a phone's line. Said before the
 * answer is made that it varies: a header that is added afterwards has the whole answer made again.
 */
export function jsonCompression() {
  const compressed = compress({ contentTypeFilter: /^application\/json/ });
  return createMiddleware(async function jsonCompression(c, next) {
    c.header('Vary', 'Accept-Encoding');
    if (c.req.header('accept-encoding') === undefined) await next();
    else return compressed(c, next);
  });
}
