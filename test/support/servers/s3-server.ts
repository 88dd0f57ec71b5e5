import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { WAIT_HANGS_AFTER_MS } from '../hang-guard.ts';

/**
 * A real S3 server for tests: Ceph's object gateway with one monitor and one object store in
 * memory. All of it listens on the loopback interface only. It verifies signatures, policies, ACLs,
 * conditional and multipart writes. It starts in one to three seconds, takes some 200 MB of memory,
 * and `stop` leaves nothing behind.
 *
 * It differs from a hosted S3 in two ways. It answers 411 to a streamed body with a trailing
 * checksum (`aws-chunked` with a trailer). Clients therefore need
 * `requestChecksumCalculation: 'WHEN_REQUIRED'`. It accepts a wrong CRC32.
 */

export interface S3Server {
  /** `http://127.0.0.1:PORT`; addressing is by path. */
  endpoint: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  stop(): Promise<void>;
}

const PROGRAMS = ['ceph', 'ceph-mon', 'ceph-osd', 'monmaptool', 'radosgw', 'radosgw-admin'];
const INSTALL = 'apt-get install --no-install-recommends ceph-mon ceph-osd radosgw';

/**
 * Returns the missing part of Ceph, as a sentence that says how to install it. Undefined if nothing
 * is missing.
 */
export function missingS3Server(): string | undefined {
  const missing = PROGRAMS.filter((program) => spawnSync('which', [program]).status !== 0);
  return missing.length > 0
    ? `The S3 server of the tests needs ${missing.join(', ')}: ${INSTALL}`
    : undefined;
}

const REGION = 'us-east-1';
const ACCESS_KEY_ID = 'TESTKEY';
const SECRET_ACCESS_KEY = 'TESTSECRET';

const run = promisify(execFile);

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => void server.close(resolve));
  if (!address || typeof address === 'string') throw new Error('No free port.');
  return address.port;
}

/**
 * One of each daemon, no replication, no waiting for peers:
 * https://docs.ceph.com/en/quincy/rados/configuration/
 */
function configuration(folder: string, id: string, port: number, monitorPort: number): string {
  return `[global]
fsid = ${id}
mon host = [v1:127.0.0.1:${monitorPort}]
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind msgr1 = true
ms bind msgr2 = false
auth cluster required = none
auth service required = none
auth client required = none
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd crush chooseleaf type = 0
mon allow pool size one = true
mon data avail crit = 1
mon osd min up ratio = 0
paxos propose interval = 0.02
paxos min wait = 0.01
run dir = ${folder}/run
admin socket = ${folder}/run/$name.asok
pid file = ${folder}/run/$name.pid
log file = ${folder}/log/$name.log
[mon]
mon data = ${folder}/mon
mon cluster log file = ${folder}/log/cluster.log
mon initial members = a
[osd]
osd data = ${folder}/osd
osd objectstore = memstore
memstore device bytes = 2147483648
osd crush update on start = false
osd class update on start = false
osd class load list = *
osd class default list = *
[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:${port}
rgw data = ${folder}/rgw
rgw dns name = localhost
rgw thread pool size = 16
rgw enable usage log = false
rgw enable ops log = false
rgw enable gc threads = false
rgw enable lc threads = false
rgw enable quota threads = false
rgw run sync thread = false
rgw dynamic resharding = false
rgw rados pool pg num min = 1
`;
}

/** Owns the daemons of one cluster and their folder, so that none of them outlives the tests. */
class Cluster {
  readonly #folder: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #children: ChildProcess[] = [];
  readonly #endAll = (): void => {
    for (const child of this.#children) child.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  };

  constructor(folder: string, env: NodeJS.ProcessEnv) {
    this.#folder = folder;
    this.#env = env;
    process.once('exit', this.#endAll);
  }

  start(program: string, args: readonly string[]): void {
    const child = spawn(program, [...args, '--foreground'], { env: this.#env, stdio: 'ignore' });
    // A program that fails to start shows as a gateway that does not answer.
    child.on('error', () => child.kill());
    this.#children.push(child);
  }

  async end(): Promise<void> {
    const running = this.#children.filter((child) => child.exitCode === null && child.signalCode === null);
    const ended = running.map((child) => new Promise((resolve) => void child.once('exit', resolve)));
    for (const child of running) child.kill('SIGKILL');
    await Promise.all(ended);
    this.#endAll();
    process.removeListener('exit', this.#endAll);
  }
}

async function untilAnswers(endpoint: string): Promise<void> {
  const deadline = Date.now() + WAIT_HANGS_AFTER_MS;
  while (Date.now() < deadline) {
    const answered = await fetch(endpoint).then(
      () => true,
      () => false,
    );
    if (answered) return;
    await sleep(100);
  }
  throw new Error(`The S3 gateway did not answer within ${WAIT_HANGS_AFTER_MS / 1000} s.`);
}

async function start(): Promise<S3Server> {
  const [port, monitorPort] = await Promise.all([freePort(), freePort()]);
  // Uses memory if possible: the monitor syncs to disk often.
  const folder = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 's3-server-'));
  const env = { ...process.env, CEPH_CONF: join(folder, 'ceph.conf') };
  const cluster = new Cluster(folder, env);
  const command = (program: string, ...args: string[]): Promise<unknown> =>
    run(program, args, { env, timeout: WAIT_HANGS_AFTER_MS });

  try {
    for (const name of ['mon', 'osd', 'log', 'run', 'rgw']) await mkdir(join(folder, name));
    const id = randomUUID();
    await writeFile(env.CEPH_CONF, configuration(folder, id, port, monitorPort));
    const map = join(folder, 'monmap');
    await command(
      'monmaptool',
      '--create',
      '--fsid',
      id,
      '--addv',
      'a',
      `[v1:127.0.0.1:${monitorPort}]`,
      map,
    );
    await command('ceph-mon', '-i', 'a', '--mkfs', '--monmap', map);
    cluster.start('ceph-mon', ['-i', 'a']);
    const store = randomUUID();
    await command('ceph', 'osd', 'new', store, '0');
    await command('ceph-osd', '-i', '0', '--mkfs', '--osd-uuid', store);
    await command('ceph', 'osd', 'crush', 'add', 'osd.0', '1.0', 'host=localhost', 'root=default');
    cluster.start('ceph-osd', ['-i', '0']);
    cluster.start('radosgw', ['-n', 'client.rgw']);
    const endpoint = `http://127.0.0.1:${port}`;
    await untilAnswers(endpoint);
    const keys = [`--access-key=${ACCESS_KEY_ID}`, `--secret=${SECRET_ACCESS_KEY}`];
    await command('radosgw-admin', 'user', 'create', '--uid=test', '--display-name=Test', ...keys);
    return {
      endpoint,
      region: REGION,
      accessKeyId: ACCESS_KEY_ID,
      secretAccessKey: SECRET_ACCESS_KEY,
      stop: () => cluster.end(),
    };
  } catch (error) {
    await cluster.end();
    throw error;
  }
}

/**
 * Starts a separate, empty server. Retries a failed start once: on a loaded machine the cluster may
 * not form in time.
 *
 * @throws if Ceph is not installed; the message says how to install it.
 */
export async function startS3Server(): Promise<S3Server> {
  const missing = missingS3Server();
  if (missing) throw new Error(missing);
  return start().catch(() => start());
}
