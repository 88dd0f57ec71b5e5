import { spawn, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './proxy.ts';
import { WAIT_HANGS_AFTER_MS } from '../hang-guard.ts';

const PROGRAM = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer', '/opt/homebrew/bin/pgbouncer'].find(existsSync);

/** Returns what is not installed here, as a sentence that says how to install it. */
export const missingPgBouncer = (): string | undefined =>
  PROGRAM === undefined ? 'no pgbouncer: apt-get install --no-install-recommends pgbouncer' : undefined;

export interface PgBouncer extends AsyncDisposable {
  /** The URL of the database through the pooler. */
  url: string;
  /** Certificate of the pooler's CA, for the host name `localhost`; only with TLS. */
  ca: string;
  caPath: string;
}

/**
 * Starts a real PgBouncer before the server of `url`, on the loopback interface. Uses TLS if asked.
 */
export async function startPgBouncer(
  url: string,
  mode: 'session' | 'transaction',
  { tls = false }: { tls?: boolean } = {},
): Promise<PgBouncer> {
  const folder = await mkdtemp(join(tmpdir(), 'meemikansio-pgbouncer-'));
  const { port, username, password } = new URL(url);
  const own = await freePort();
  const caPath = join(folder, 'ca.pem');
  if (tls) makeCertificates(folder);
  const settings = [
    '[databases]',
    `* = host=127.0.0.1 port=${port} user=${username} password=${password}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${own}`,
    'unix_socket_dir =',
    'auth_type = any',
    `pool_mode = ${mode}`,
    'default_pool_size = 20',
    'max_client_conn = 200',
    ...(tls ? ['client_tls_sslmode = require', `client_tls_key_file = ${join(folder, 'key.pem')}`] : []),
    ...(tls ? [`client_tls_cert_file = ${join(folder, 'cert.pem')}`] : []),
  ];
  const file = join(folder, 'pgbouncer.ini');
  await writeFile(file, settings.join('\n'));
  // PgBouncer refuses to run as root, and the user nobody must read its folder.
  await chmod(folder, 0o755);
  const identity = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const child = spawn(PROGRAM ?? 'pgbouncer', [file], { ...identity, stdio: ['ignore', 'ignore', 'pipe'] });
  let printed = '';
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const address = Object.assign(new URL(url), { hostname: '127.0.0.1', port: String(own) });
  await answers(own, () => printed);
  return {
    url: address.href,
    ca: tls ? execFileSync('cat', [caPath]).toString() : '',
    caPath,
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function makeCertificates(folder: string): void {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-subj',
    '/CN=test authority',
    '-days',
    '2',
  );
  const issued = ['req', '-x509', ...key, '-keyout', 'key.pem', '-out', 'cert.pem', '-subj', '/CN=localhost'];
  const named = ['-addext', 'subjectAltName=DNS:localhost', '-addext', 'basicConstraints=CA:FALSE'];
  openssl(...issued, ...named, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-days', '2');
  execFileSync('chmod', ['644', 'key.pem', 'cert.pem', 'ca.pem'], { cwd: folder });
}

async function answers(port: number, output: () => string): Promise<void> {
  for (const deadline = Date.now() + WAIT_HANGS_AFTER_MS; Date.now() < deadline;) {
    const socket = connect(port, '127.0.0.1');
    const there = await Promise.race([
      once(socket, 'connect').then(
        () => true,
        () => false,
      ),
      sleep(1000, false),
    ]);
    socket.destroy();
    if (there) return;
    await sleep(50);
  }
  throw new Error(`PgBouncer did not start:\n${output()}`);
}
