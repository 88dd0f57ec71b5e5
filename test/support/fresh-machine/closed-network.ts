import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, request } from 'node:http';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from '../databases/proxy.ts';
import { APP_SOCKET, PROXY_PORT, PROXY_SOCKET } from './sockets.ts';

/** A network namespace without any route. A proxy inside leads to some hosts, and to no other. */
export interface ClosedNetwork extends AsyncDisposable {
  /** A program and its first arguments. It runs the command that follows inside. */
  enter: readonly [string, ...string[]];
  /** URL of the proxy, valid inside. */
  proxy: string;
  /** TCP port inside, reached on the same port of 127.0.0.1 outside. */
  appPort: number;
  /**
   * Hosts that a program inside asked for in vain, sorted. It looked them up, or gave them to the
   * proxy.
   */
  refused(): string[];
  /** Allowed hosts that a program inside asked the proxy for, sorted. */
  reached(): string[];
}

/**
 * Makes the namespace, which needs root, and `unshare`, `nsenter` and `ip`. The proxy connects to
 * the hosts directly, from this machine.
 */
export async function createClosedNetwork(allowed: readonly string[]): Promise<ClosedNetwork> {
  const folder = mkdtempSync(join(tmpdir(), 'meemikansio-net-'));
  const appPort = await freePort();
  const refused = new Set<string>();
  const reached = new Set<string>();
  const proxy = createProxy((host) => {
    (allowed.includes(host) ? reached : refused).add(host);
    return allowed.includes(host);
  });
  proxy.listen(join(folder, PROXY_SOCKET));
  const app = createServer((outside) => pipeBoth(outside, connect(join(folder, APP_SOCKET))));
  app.listen(appPort, '127.0.0.1');
  await Promise.all([proxy, app].map((server: Server) => once(server, 'listening')));

  const script = join(import.meta.dirname, 'bridge.process.ts');
  const run = ['sh', '-c', 'ip link set lo up && exec "$0" "$@"', process.execPath, script];
  const bridge = spawn('unshare', ['--net', ...run, folder, String(appPort)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface(bridge.stdout);
  const ready = new Promise<void>((resolve, reject) => {
    lines.on('line', (line) => {
      if (line === 'ready') resolve();
      else refused.add(line.slice('asked '.length));
    });
    bridge.once('exit', (code) => reject(new Error(`The bridge ended with ${code}.`)));
  });
  const close = async () => {
    if (bridge.exitCode === null && bridge.signalCode === null) {
      bridge.kill('SIGKILL');
      await once(bridge, 'exit');
    }
    proxy.closeAllConnections();
    for (const server of [proxy, app]) server.close();
    rmSync(folder, { recursive: true, force: true });
  };
  await ready.catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return {
    enter: ['nsenter', `--net=/proc/${bridge.pid}/ns/net`],
    proxy: `http://127.0.0.1:${PROXY_PORT}`,
    appPort,
    refused: () => [...refused].sort(),
    reached: () => [...reached].sort(),
    [Symbol.asyncDispose]: close,
  };
}

function pipeBoth(a: Socket, b: Socket): void {
  a.pipe(b).pipe(a);
  a.on('error', () => b.destroy()).on('close', () => b.destroy());
  b.on('error', () => a.destroy()).on('close', () => a.destroy());
}

/** An HTTP proxy that answers 403 for each host that `allows` refuses. */
function createProxy(allows: (host: string) => boolean) {
  const server = createHttpServer((incoming, answer) => {
    const url = URL.parse(incoming.url ?? '');
    if (!url || !allows(url.hostname)) {
      answer.writeHead(403).end();
      return;
    }
    const outgoing = request(url, { method: incoming.method, headers: incoming.headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    outgoing.on('error', () => answer.destroy());
    incoming.pipe(outgoing);
  });
  server.on('connect', (incoming, socket: Socket, head) => {
    const { hostname, port } = new URL(`https://${incoming.url}`);
    if (!allows(hostname)) {
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    const outgoing = connect(Number(port || 443), hostname, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      outgoing.write(head);
    });
    pipeBoth(socket, outgoing);
  });
  return server;
}
