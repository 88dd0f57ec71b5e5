import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { FetchNetwork, Target } from '../../../app/fetches/network.ts';

/** The public address that stands for every name that a test does not resolve itself. */
export const PUBLIC_ADDRESS = '93.184.215.14';

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** Other sites of the internet: one server on loopback behind a network that leads only there. */
export interface Origin extends AsyncDisposable {
  network: FetchNetwork;
  /** The answers by host and path: `example.com/a.png`. Anything else is 404. */
  answers: Map<string, Answer>;
  /** The IP addresses of names: a list for each lookup, the last one for good. */
  names: Map<string, string[][]>;
  /** Addresses that refuse connections. */
  closed: Set<string>;
  /** Every request, as host and path. */
  requests: string[];
  headers: IncomingMessage['headers'][];
  /** Every connection, as the network was asked for it. */
  targets: Target[];
  /** Every name that was resolved, in order. */
  resolved: string[];
  /** Ends the time of every fetch that is under way. */
  endTime(): void;
  /** Number of open connections. */
  connections(): Promise<number>;
}

/** Starts such an origin. */
export async function createOrigin(): Promise<Origin> {
  const answers: Origin['answers'] = new Map();
  const names: Origin['names'] = new Map();
  const closed: Origin['closed'] = new Set();
  const requests: string[] = [];
  const headers: IncomingMessage['headers'][] = [];
  const targets: Target[] = [];
  const resolved: string[] = [];
  let time = new AbortController();

  const server = createServer((request, response) => {
    const place = `${request.headers.host}${request.url}`;
    requests.push(place);
    headers.push(request.headers);
    const answer = answers.get(place);
    if (answer) answer(response, request);
    else response.writeHead(404).end();
  });
  // A client that gives up is no failure of a test.
  server.on('clientError', (_error, socket) => void socket.destroy());
  const port = await listen(server);

  return {
    answers,
    names,
    closed,
    requests,
    headers,
    targets,
    resolved,
    network: {
      async resolve(hostname) {
        resolved.push(hostname);
        const lists = names.get(hostname) ?? [[PUBLIC_ADDRESS]];
        return (lists.length > 1 ? lists.shift() : lists[0]) ?? [];
      },
      connect(target) {
        targets.push(target);
        // Port 1 of loopback refuses.
        return connect(closed.has(target.address) ? 1 : port, '127.0.0.1');
      },
      deadline: () => time.signal,
    },
    endTime() {
      time.abort(new DOMException('The time is up.', 'TimeoutError'));
      time = new AbortController();
    },
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

async function listen(server: Server): Promise<number> {
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address.port;
}

/** Answers 200 with a body. */
export const sends =
  (body: string | Uint8Array, type: string, more: Record<string, string> = {}) =>
  (response: ServerResponse) =>
    void response.writeHead(200, { 'content-type': type, ...more }).end(body);

/** Redirects elsewhere. */
export const redirects =
  (location: string, status = 302) =>
  (response: ServerResponse) =>
    void response.writeHead(status, { location }).end();
