import type { IncomingMessage } from 'node:http';
import { createMiddleware } from 'hono/factory';
import type { AppEnv } from './env.ts';
import { discard, hasBody, incomingOf } from './request-body.ts';

export interface UnreadBodyLimits {
  /** A rest that is announced to be at most this long is waited for, and the connection is used again. */
  keepAliveBytes: number;
  /** Of a longer rest, this much passes by before the connection is closed … */
  lingerBytes: number;
  /** … and for this long at most. */
  lingerMs: number;
}

/** As nginx lingers (https://nginx.org/en/docs/http/ngx_http_core_module.html#lingering_close). */
export const UNREAD_BODY_LIMITS: UnreadBodyLimits = {
  keepAliveBytes: 1_000_000,
  lingerBytes: 64_000_000,
  lingerMs: 30_000,
};

/**
 * Takes care of a body that was not read to its end, because the request was refused before. Left alone it would be taken
 * for the next request, and a connection closed over it is reset, which loses the answer. A short rest is
 * discarded and the connection kept. Before a long one the answer says `Connection: close`, and what comes is
 * discarded for a while, so that the client gets to read the answer.
 */
export const unreadBody = (limits: UnreadBodyLimits = UNREAD_BODY_LIMITS) =>
  createMiddleware<AppEnv>(async function unreadBody(c, next) {
    await next();
    const incoming = incomingOf(c);
    if (!incoming || !hasBody(incoming) || incoming.readableEnded || incoming.destroyed) return;
    discard(incoming);
    const announced = Number(incoming.headers['content-length'] ?? Number.POSITIVE_INFINITY);
    if (incoming.complete || announced <= limits.keepAliveBytes) return;
    c.header('Connection', 'close');
    if (c.res.status < 400) return;

    const over = linger(incoming, limits);
    const bytes = new Uint8Array(await c.res.arrayBuffer());
    const { status, headers } = c.res;
    headers.set('Content-Length', String(bytes.length));
    c.res = undefined;
    // The client has the whole answer by its length; the server closes the connection when this stream ends.
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(bytes),
      async pull(controller) {
        await over;
        controller.close();
      },
    });
    c.res = new Response(body, { status, headers });
  });

/** Resolves when the body has ended, the client is gone, or a limit is reached. */
function linger(incoming: IncomingMessage, limits: UnreadBodyLimits): Promise<void> {
  return new Promise((done) => {
    let bytes = 0;
    const timer = setTimeout(end, limits.lingerMs);
    timer.unref();
    incoming.on('data', count).once('end', end).once('close', end);

    function count(chunk: Buffer): void {
      bytes += chunk.length;
      if (bytes > limits.lingerBytes) end();
    }
    function end(): void {
      clearTimeout(timer);
      incoming.off('data', count).off('end', end).off('close', end);
      incoming.resume();
      done();
    }
  });
}
