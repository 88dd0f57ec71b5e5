import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A held request: none of it has reached the server yet. */
export interface Held {
  /** Forwards it. */
  forward(): void;
  /** Forwards it, and breaks the connection when the answer comes. */
  loseAnswer(): void;
  /**
   * Answers in the server's name; the server never sees the request. For PostgreSQL: up to the end
   * of the message group.
   */
  answer(bytes: Buffer): void;
}

/** A TCP proxy that can hold one request, and break every connection until it is healed. */
export interface GateProxy extends AsyncDisposable {
  port: number;
  /**
   * Waits for the next request that matches and holds it.
   * @param after holds only on a connection that has already sent a match of this
   */
  hold(match: RegExp, after?: RegExp): Promise<Held>;
  /** Breaks all connections and refuses new ones. */
  cut(): Promise<void>;
  heal(): Promise<void>;
}

interface Gate {
  match: RegExp;
  after: RegExp | undefined;
  reached: (held: Held) => void;
}

/**
 * PostgreSQL's Sync message ends a message group.
 * https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
const SYNC = Buffer.from([0x53, 0, 0, 0, 4]);
const endsWithSync = (chunk: Buffer) => chunk.subarray(-SYNC.length).equals(SYNC);

/** Makes a proxy before the server at this address. */
export async function createGateProxy(target: { hostname: string; port: string }): Promise<GateProxy> {
  const sockets = new Set<Socket>();
  let gate: Gate | undefined;
  const server = createServer(relay);
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  await listen(0);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  const { port } = address;

  function relay(client: Socket): void {
    const upstream = connect(Number(target.port), target.hostname);
    let ready = false;
    let muted = false;
    let swallowing = false;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (chunk: Buffer) => {
      if (swallowing) {
        swallowing = !endsWithSync(chunk);
        return;
      }
      const text = chunk.toString('latin1');
      if (gate?.after?.test(text)) ready = true;
      if (!gate || !gate.match.test(text) || (gate.after && !ready)) {
        upstream.write(chunk);
        return;
      }
      const { reached } = gate;
      gate = undefined;
      client.pause();
      const forward = () => {
        upstream.write(chunk);
        client.resume();
      };
      reached({
        forward,
        loseAnswer() {
          muted = true;
          forward();
        },
        answer(bytes) {
          swallowing = !endsWithSync(chunk);
          client.write(bytes);
          client.resume();
        },
      });
    });
    upstream.on('data', (chunk: Buffer) => {
      if (muted) client.resetAndDestroy();
      else client.write(chunk);
    });
  }

  const cut = async () => {
    for (const socket of sockets) socket.resetAndDestroy();
    if (!server.listening) return;
    server.close();
    await once(server, 'close');
  };
  return {
    port,
    hold: (match, after) =>
      new Promise((reached) => {
        gate = { match, after, reached };
      }),
    cut,
    heal: async () => {
      if (!server.listening) await listen(port);
    },
    [Symbol.asyncDispose]: cut,
  };
}

/**
 * PostgreSQL's answer to a statement it has no disk for. ErrorResponse 53100 precedes ReadyForQuery
 * in a failed transaction.
 */
export function diskFullAnswer(): Buffer {
  const fields = Buffer.from(
    'SERROR\0VERROR\0C53100\0Mcould not extend file "base/1/2": No space left on device\0\0',
    'latin1',
  );
  const head = Buffer.from('E\0\0\0\0', 'latin1');
  head.writeUInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields, Buffer.from('Z\0\0\0\u0005E', 'latin1')]);
}
