import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';

/** Stands before several processes, as the ingress of a platform does. */
export interface Balancer extends AsyncDisposable {
  /** The address that people type. */
  url: string;
  /** Number of requests that each process got so far, by its address. */
  sent: ReadonlyMap<string, number>;
  /**
   * Leads requests to these processes from now on, in turn. Resolves when the others have answered
   * what they had got; open event streams do not count.
   */
  lead(urls: readonly string[]): Promise<void>;
}

/** Starts a proxy that spreads requests round-robin. A process that is dead makes a 502. */
export async function startBalancer(): Promise<Balancer> {
  let targets: readonly string[] = [];
  let turn = 0;
  const sent = new Map<string, number>();
  const open = new Map<string, number>();
  let ended = () => {};

  const server = createServer((incoming, outgoing) => {
    const target = targets[turn++ % targets.length];
    if (target === undefined) {
      outgoing.writeHead(503).end('null');
      return;
    }
    sent.set(target, (sent.get(target) ?? 0) + 1);
    const counts = !incoming.url?.startsWith('/api/events');
    if (counts) open.set(target, (open.get(target) ?? 0) + 1);
    outgoing.on('close', () => {
      if (counts) open.set(target, (open.get(target) ?? 1) - 1);
      ended();
    });
    forward(incoming, outgoing, new URL(target));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  return {
    url: `http://localhost:${address.port}`,
    sent,
    async lead(urls) {
      targets = urls;
      const idle = () => [...open].every(([url, count]) => count === 0 || urls.includes(url));
      while (!idle()) await new Promise<void>((wake) => (ended = wake));
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function forward(incoming: IncomingMessage, outgoing: ServerResponse, target: URL): void {
  const forwarded = [incoming.headers['x-forwarded-for'], incoming.socket.remoteAddress].flat();
  const call = request(target, {
    agent: false,
    method: incoming.method,
    path: incoming.url,
    headers: { ...incoming.headers, 'x-forwarded-for': forwarded.filter(Boolean).join(', ') },
  });
  const fail = () => (outgoing.headersSent ? outgoing.destroy() : outgoing.writeHead(502).end('null'));
  call.on('error', fail);
  call.on('response', (response) => {
    outgoing.writeHead(response.statusCode ?? 502, response.headers);
    response.on('error', fail);
    response.pipe(outgoing);
  });
  outgoing.on('close', () => call.destroy());
  incoming.pipe(call);
}
