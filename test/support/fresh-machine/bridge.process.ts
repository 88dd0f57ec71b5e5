import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { APP_SOCKET, DNS_PORT, PROXY_PORT, PROXY_SOCKET } from './sockets.ts';

// `bridge.process.ts FOLDER APP_PORT` runs inside a network namespace that has only a loopback
// interface. It prints `ready`, and `asked NAME` for each name that a program looks up.

const [folder = '', appPort = ''] = process.argv.slice(2);

/** Joins two connections: when one ends, the other ends too. */
function join(a: Socket, b: Socket): void {
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const) {
    from.pipe(to);
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
  }
}

/** Reads the name of the first question: labels with a length byte each (RFC 1035, 4.1.2). */
function nameIn(query: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 5 };
}

/** Answers every query with NXDOMAIN. */
const dns = createSocket('udp4', (query, { port, address }) => {
  const { name, end } = nameIn(query);
  process.stdout.write(`asked ${name}\n`);
  const answer = Buffer.concat([query.subarray(0, 2), Buffer.from('81830001000000000000', 'hex')]);
  dns.send(Buffer.concat([answer, query.subarray(12, end)]), port, address);
});
const proxy = createServer((inside) => join(inside, connect(`${folder}/${PROXY_SOCKET}`)));
const app = createServer((outside) => join(outside, connect(Number(appPort), '127.0.0.1')));

dns.bind(DNS_PORT, '127.0.0.1');
proxy.listen(PROXY_PORT, '127.0.0.1');
app.listen(`${folder}/${APP_SOCKET}`);
await Promise.all([dns, proxy, app].map((server) => once(server, 'listening')));
process.stdout.write('ready\n');
