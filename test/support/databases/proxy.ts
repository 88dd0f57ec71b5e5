import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/**
 * A TCP port that leads to a server, or nowhere. It simulates a server that disconnects and
 * returns.
 */
export interface Proxy extends AsyncDisposable {
  port: number;
  /**
   * Leads new connections to the target or to another server: one that returned, or a standby that
   * took over.
   */
  open(target?: URL): Promise<void>;
  /** Refuses new connections; open ones stay. */
  close(): Promise<void>;
}

/** Makes a proxy that refuses connections until it is opened. */
export async function createProxy(first: URL): Promise<Proxy> {
  let target = first;
  const sockets = new Set<Socket>();
  const server = createServer((incoming) => {
    const outgoing = connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  const port = await freePort();
  return {
    port,
    open(next = target) {
      target = next;
      return listen(port);
    },
    async close() {
      const closed = new Promise((done) => void server.close(done));
      // close also waits for open connections, which this caller does not need.
      await Promise.race([closed, new Promise((done) => setImmediate(done))]);
    },
    [Symbol.asyncDispose]: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Returns a port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  return address.port;
}
