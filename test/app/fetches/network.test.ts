import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { machineNetwork, type Target } from '../../../app/fetches/network.ts';

let server: Server;
let port: number;
beforeAll(async () => {
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  port = typeof address === 'object' && address ? address.port : 0;
});
afterAll(() => void server.close());

/** Connects to the server, and returns the first bytes that it gets. */
async function greeting(target: Omit<Target, 'address' | 'port'>): Promise<string> {
  const arrived = once(server, 'connection');
  const socket = machineNetwork.connect({ ...target, address: '127.0.0.1', port });
  // The server hangs up without an answer.
  socket.on('error', () => {});
  if (!target.secure) socket.write('GET / HTTP/1.1');
  const [connection]: Socket[] = await arrived;
  const [bytes]: Buffer[] = await once(connection ?? server, 'data');
  connection?.destroy();
  socket.destroy();
  return bytes?.toString('latin1') ?? '';
}

it('connects to the IP address, whatever the name', async () => {
  expect(await greeting({ hostname: 'no.such.name.invalid', secure: false })).toBe('GET / HTTP/1.1');
});

it('names the site of a certificate, but no IP address', async () => {
  // The first message of TLS has the name in clear text.
  expect(await greeting({ hostname: 'cats.example', secure: true })).toContain('cats.example');
  expect(await greeting({ hostname: '127.0.0.1', secure: true })).not.toContain('127.0.0.1');
});

it('resolves nothing when the time is up', async () => {
  const over = AbortSignal.abort(new Error('The time is up.'));
  await expect(machineNetwork.resolve('cats.example', over)).rejects.toThrow('The time is up.');
});
