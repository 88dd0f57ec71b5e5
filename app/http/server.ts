import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { ERROR_STATUS, type ErrorBody } from './errors.schema.ts';
import { hasBody } from './request-body.ts';

export interface HttpServerLimits {
  /** Time limit for complete headers. */
  headersMs: number;
  /**
   * Least speed of a body: `minBytes`, or its end, in each `windowMs`. Its total time has no limit.
   */
  body: { windowMs: number; minBytes: number };
  /**
   * A connection without traffic in either direction is closed after this time. A browser resumes a
   * download by a range.
   */
  idleMs: number;
  /** Time that an open connection waits for its next request. */
  keepAliveMs: number;
}

/**
 * A body of 1 kB a second is far below the slowest mobile networks. A proxy in front reuses
 * connections and should close them first. The platforms' proxies do so within a minute.
 */
export const HTTP_SERVER_LIMITS: HttpServerLimits = {
  headersMs: 60_000,
  body: { windowMs: 30_000, minBytes: 30_000 },
  idleMs: 600_000,
  keepAliveMs: 75_000,
};

/** Creates the HTTP server of an app. It does not listen yet. */
export function createHttpServer(
  fetch: Parameters<typeof getRequestListener>[0],
  limits: HttpServerLimits = HTTP_SERVER_LIMITS,
): Server {
  // The app's `unreadBody` handles bodies that no route read.
  const listener = getRequestListener(fetch, { autoCleanupIncoming: false });
  const server = createServer({
    // Node's own limit covers the whole request and ends honest uploads over a slow line.
    requestTimeout: 0,
    headersTimeout: limits.headersMs,
    keepAliveTimeout: limits.keepAliveMs,
  });
  server.timeout = limits.idleMs;
  server.on('request', (incoming, outgoing) => {
    if (hasBody(incoming)) requireProgress(incoming, outgoing, limits.body);
    void listener(incoming, outgoing);
  });
  return server;
}

/**
 * Closes the connection of a body that comes too slowly, with 408 if nothing was answered yet. The
 * reader of the body gets the error of a lost connection. A body that waits for us is not late.
 */
function requireProgress(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { windowMs, minBytes }: HttpServerLimits['body'],
): void {
  const { socket } = incoming;
  let before = socket.bytesRead;
  const timer = setInterval(() => {
    const bytes = socket.bytesRead - before;
    before = socket.bytesRead;
    if (incoming.complete) stop();
    else if (bytes < minBytes && incoming.readableLength === 0) end();
  }, windowMs);
  timer.unref();
  incoming.once('end', stop).once('close', stop);

  function stop(): void {
    clearInterval(timer);
  }
  function end(): void {
    stop();
    if (!outgoing.headersSent && socket.writable) socket.write(tooSlow());
    socket.destroy();
  }
}

/**
 * Returns the raw 408 response. The app may be working on the request and must not answer twice.
 */
function tooSlow(): string {
  const body: ErrorBody = {
    code: 'request_timeout',
    message: 'The request came too slowly.',
    requestId: randomUUID(),
  };
  const text = JSON.stringify(body);
  return [
    `HTTP/1.1 ${ERROR_STATUS.request_timeout} Request Timeout`,
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(text)}`,
    '',
    text,
  ].join('\r\n');
}
