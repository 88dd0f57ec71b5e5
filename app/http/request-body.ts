import { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { AppEnv } from './env.ts';

/** The part of a Hono context that these functions need, on any route. */
interface Received {
  env: AppEnv['Bindings'] | undefined;
  req: { raw: Request };
}

/** Tells whether a request announces a body (RFC 9112 §6.3). */
export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** Returns the body as a stream; `null` if there is none. */
export function bodyOf(c: Received): Readable | null {
  const incoming = incomingOf(c);
  if (incoming) return hasBody(incoming) ? incoming : null;
  const { body } = c.req.raw;
  return body && Readable.from(body, { objectMode: false });
}

/** Returns Node's request; `undefined` if the app is called without a server. */
export function incomingOf(c: Received): IncomingMessage | undefined {
  const incoming = c.env?.incoming;
  return incoming instanceof IncomingMessage ? incoming : undefined;
}

/** Discards the rest of a body unread. Nothing may read the body afterwards. */
export function discard(body: Readable): void {
  body.unpipe();
  body.removeAllListeners('data').removeAllListeners('readable');
  body.resume();
}
