import type { IncomingMessage } from 'node:http';
import { createMiddleware } from 'hono/factory';
import type { AppEnv } from './env.ts';
import { discard, hasBody, incomingOf } from './request-body.ts';

export interface UnreadBodyLimits {
  /** A remaining body of at most this announced length is read, and the connection is kept. */
  keepAliveBytes: number;
  /** Of a longer body, at most this much is read before the connection is closed … */
  lingerBytes: number;
  /** … and for at most this long. */
  lingerMs: number;
}

/** The limits of nginx: https://nginx.org/en/docs/http/ngx_http_core_module.html#lingering_close */
export const UNREAD_BODY_LIMITS: UnreadBodyLimits = {
  keepAliveBytes: 1_000_000,
  lingerBytes: 64_000_000,
  lingerMs: 30_000,
};

/**
 * Handles the unread body of a request that was refused early.
 *
 * An unread body would be taken for the next request. Closing the connection over it resets the
 * connection and loses the answer. A short body is discarded and the connection kept. For a long
 * body, the answer says `Connection: close`. The server then discards input for a while, so that
 * the client can read the answer.
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
    // The client knows the answer's end by its length. The server closes the connection when this
    // stream ends.
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(bytes),
      async pull(controller) {
        await over;
        controller.close();
      },
    });
    c.res = new Response(body, { status, headers });
  });

/** Resolves when the body has ended, the client has disconnected, or a limit is reached. */
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
