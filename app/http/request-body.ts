import { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { AppEnv } from './env.ts';

/** What is needed of a context, of whichever route. */
interface Received {
  env: AppEnv['Bindings'] | undefined;
  req: { raw: Request };
}

/** Whether a request announces a body; RFC 9112 §6.3. */
export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** The bytes of a request's body as they come; `null` where there is none. */
export function bodyOf(c: Received): Readable | null {
  const incoming = incomingOf(c);
  if (incoming) return hasBody(incoming) ? incoming : null;
  const { body } = c.req.raw;
  return body && Readable.from(body, { objectMode: false });
}

/** Node's side of a request; there is none where the app is called without a server. */
export function incomingOf(c: Received): IncomingMessage | undefined {
  const incoming = c.env?.incoming;
  return incoming instanceof IncomingMessage ? incoming : undefined;
}

/** Lets whatever still comes of a body pass by unread. Nobody may read it afterwards. */
export function discard(body: Readable): void {
  body.unpipe();
  body.removeAllListeners('data').removeAllListeners('readable');
  body.resume();
}
