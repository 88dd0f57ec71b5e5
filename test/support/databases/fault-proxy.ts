import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** The fault of one request. */
export type Fault =
  /** The connection breaks when the request arrives. */
  | 'drop'
  /** The request gets through, but its answer is lost. */
  | 'lose-answer'
  /** The answer is cut in the middle. */
  | 'cut-answer'
  /** No answer comes. */
  | 'hang'
  /** The server is overloaded. */
  | '503';

export interface FaultProxy extends AsyncDisposable {
  /** `http://127.0.0.1:PORT` */
  url: string;
  /** Applies faults to the next requests with this method and path: one each, in this order. */
  next(match: RegExp, ...faults: Fault[]): void;
  /** Applies a fault to every later matching request. */
  always(match: RegExp, fault: Fault): void;
  /** First lines of the received requests. */
  requests: string[];
}

const REQUEST_LINE = /^(GET|PUT|POST|HEAD|DELETE|OPTIONS) \S+ HTTP\/1\.1\r\n/;
const OVERLOADED = [
  'HTTP/1.1 503 Service Unavailable',
  'Content-Type: application/xml',
  'Content-Length: 39',
  'Connection: close',
  '',
  '<Error><Code>SlowDown</Code></Error>   ',
].join('\r\n');
/** Bytes before the cut: more than any answer's head here, fewer than the bodies that tests cut. */
const CUT_AFTER = 100_000;

/** A TCP proxy before an HTTP server. It makes requests fail as networks and servers do. */
export async function createFaultProxy(target: string): Promise<FaultProxy> {
  const { hostname, port } = new URL(target);
  const planned: { match: RegExp; fault: Fault; again: boolean }[] = [];
  const requests: string[] = [];
  const sockets = new Set<Socket>();

  const faultFor = (line: string): Fault | undefined => {
    const index = planned.findIndex(({ match }) => match.test(line));
    const found = planned[index];
    if (found && !found.again) planned.splice(index, 1);
    return found?.fault;
  };

  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    let fault: Fault | undefined;
    let answered = 0;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (chunk) => {
      const line = REQUEST_LINE.exec(chunk.toString('latin1', 0, 2000))?.[0].trim();
      if (line !== undefined) {
        requests.push(line);
        fault = faultFor(line);
        answered = 0;
      }
      if (fault === 'drop') client.resetAndDestroy();
      else if (fault === '503') client.end(OVERLOADED);
      else if (fault !== 'hang') upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      answered += chunk.length;
      const broken = fault === 'lose-answer' || (fault === 'cut-answer' && answered > CUT_AFTER);
      if (broken) client.resetAndDestroy();
      else client.write(chunk);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    next: (match, ...faults) => void planned.push(...faults.map((fault) => ({ match, fault, again: false }))),
    always: (match, fault) => void planned.push({ match, fault, again: true }),
    async [Symbol.asyncDispose]() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
