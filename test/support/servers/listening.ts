import { connect, type Socket } from 'node:net';
import { createHttpServer, HTTP_SERVER_LIMITS, type HttpServerLimits } from '../../../app/http/server.ts';

export interface Listening extends AsyncDisposable {
  url: string;
  port: number;
  /** Number of open connections. */
  connections(): Promise<number>;
}

/** Serves the app on a free port. */
export async function listening(
  fetch: Parameters<typeof createHttpServer>[0],
  limits: Partial<HttpServerLimits> = {},
): Promise<Listening> {
  const server = createHttpServer(fetch, { ...HTTP_SERVER_LIMITS, ...limits });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    connections: () =>
      new Promise((done, failed) => {
        server.getConnections((error, count) => (error ? failed(error) : done(count)));
      }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((done) => void server.close(() => done()));
    },
  };
}

/** A connection whose bytes the test writes. */
export interface Raw {
  socket: Socket;
  /** Everything received so far. */
  text(): string;
  /** Resolves with the received text once it matches, or once the other side has ended. */
  until(pattern: RegExp): Promise<string>;
}

export async function raw(port: number): Promise<Raw> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  let ended = false;
  const looks = new Set<() => void>();
  const look = () => {
    for (const each of looks) each();
  };
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk;
    look();
  });
  const end = () => {
    ended = true;
    look();
  };
  // A reset counts as an end.
  socket.on('error', end).on('close', end);
  await new Promise<void>((done, failed) => void socket.once('connect', done).once('error', failed));
  return {
    socket,
    text: () => text,
    until: (pattern) =>
      new Promise((done) => {
        const check = () => {
          if (!ended && !pattern.test(text)) return;
          looks.delete(check);
          done(text);
        };
        looks.add(check);
        check();
      }),
  };
}

export const BOUNDARY = 'stream-test-boundary';

export interface UploadParts {
  cookie: string;
  origin: string;
  /** The announced length of the form, bytes; chunked if omitted. */
  length?: number;
}

/** Returns the head of an upload request. */
export const uploadHead = ({ cookie, origin, length }: UploadParts): string =>
  [
    'POST /api/media HTTP/1.1',
    'Host: 127.0.0.1',
    `Origin: ${origin}`,
    `Cookie: ${cookie}`,
    `Content-Type: multipart/form-data; boundary=${BOUNDARY}`,
    length === undefined ? 'Transfer-Encoding: chunked' : `Content-Length: ${length}`,
    '\r\n',
  ].join('\r\n');

/** Returns the head of one part of a form. */
export const partHead = (disposition: string): string =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data${disposition}\r\n\r\n`;

export const FILE_PART = partHead('; name="file"; filename="meme.png"');
export const FORM_END = `\r\n--${BOUNDARY}--\r\n`;

/** Returns one chunk of a chunked body. */
export const chunk = (bytes: Uint8Array | string): Buffer => {
  const content = Buffer.from(bytes);
  return Buffer.concat([Buffer.from(`${content.length.toString(16)}\r\n`), content, Buffer.from('\r\n')]);
};
