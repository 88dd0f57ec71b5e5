import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type Database } from '../../../app/db/client.ts';
import { createLogger } from '../../../app/logger.ts';
import { createLocalStorage } from '../../../app/storage/local.ts';
import { createS3Storage } from '../../../app/storage/s3.ts';
import type { Storage } from '../../../app/storage/storage.ts';
import { createBucket } from '../servers/bucket.ts';
import { createTestDatabase } from '../databases/database.ts';
import { register } from '../servers/http.ts';
import { freePort } from '../databases/proxy.ts';
import type { S3Server } from '../servers/s3-server.ts';
import { startServer, type ServerProcess } from '../servers/server.ts';
import { createSmallDisk, type SmallDisk } from './disk.ts';
import { wrapFfmpeg, type FfmpegWrapper } from './ffmpeg-wrapper.ts';
import { createGateProxy, type GateProxy } from './gate-proxy.ts';
import { WAIT_HANGS_AFTER_MS } from '../hang-guard.ts';

/** A real server and its dependencies, each of which can be made to fail. */
export interface Rig extends AsyncDisposable {
  backend: 'local' | 's3';
  ffmpeg: FfmpegWrapper;
  /** The proxy before PostgreSQL. */
  database: GateProxy;
  /** The proxy before the bucket; `null` for local storage. */
  bucket: GateProxy | null;
  disk: SmallDisk;
  folder: string;
  dataDir: string;
  /** Direct access that bypasses the proxies, for checks. */
  db: Database;
  storage: Storage;
  server(): ServerProcess;
  /** URL and session cookie of the user. */
  person(): { url: string; cookie: string };
  /** Restarts the killed server on the same address. */
  restart(): Promise<void>;
  breakStorage(): Promise<void>;
  healStorage(): Promise<void>;
  /** Counts the failed tries of jobs since the server started. */
  failedJobs(): number;
}

/**
 * Room for a few concurrent uploads with their copies, and for uploads that finished before a stop.
 */
const DISK_MB = 256;
const QUIET = createLogger('silent', false);

export async function createRig(s3: S3Server | null, env: Record<string, string>): Promise<Rig> {
  await using made = new AsyncDisposableStack();
  const database = made.use(await createTestDatabase());
  const folder = await mkdtemp(join(tmpdir(), 'meemikansio-faults-'));
  made.defer(() => rm(folder, { recursive: true, force: true }));
  const dataDir = join(folder, 'data');
  const disk = made.use(await createSmallDisk(dataDir, DISK_MB));
  const ffmpeg = await wrapFfmpeg(folder);
  const before = made.use(await createGateProxy(new URL(database.url)));
  const throughProxy = Object.assign(new URL(database.url), {
    hostname: '127.0.0.1',
    port: String(before.port),
  });
  const store = s3 ? await bucketOf(s3) : localOf(dataDir);
  if (store.proxy) made.use(store.proxy);
  const db = connect(database.url, QUIET, 2);
  made.defer(() => db.destroy());

  const port = await freePort();
  const start = () =>
    startServer({
      dataDir,
      env: {
        DATABASE_URL: throughProxy.href,
        FFMPEG_PATH: ffmpeg.path,
        PORT: String(port),
        ...store.env,
        ...env,
      },
    });
  let server = await start();
  made.defer(async () => void (await server.stop()));
  const { cookie } = await register(server.url);
  const cleanUp = made.move();
  return {
    backend: s3 ? 's3' : 'local',
    ffmpeg,
    database: before,
    bucket: store.proxy,
    disk,
    folder,
    dataDir,
    db,
    storage: store.storage,
    server: () => server,
    person: () => ({ url: server.url, cookie }),
    async restart() {
      server = await start();
    },
    breakStorage: store.breakIt,
    healStorage: store.heal,
    failedJobs: () => server.output().split('"msg":"job failed"').length - 1,
    [Symbol.asyncDispose]: () => cleanUp.disposeAsync(),
  };
}

interface Store {
  env: Record<string, string>;
  storage: Storage;
  proxy: GateProxy | null;
  breakIt(): Promise<void>;
  heal(): Promise<void>;
}

/** Local storage. It breaks like an unmounted disk: the folder is gone. */
function localOf(dataDir: string): Store {
  const directory = join(dataDir, 'media');
  const away = `${directory}.away`;
  return {
    env: {},
    storage: createLocalStorage({ directory }),
    proxy: null,
    async breakIt() {
      await mkdir(directory, { recursive: true });
      await rename(directory, away);
      await writeFile(directory, '');
    },
    async heal() {
      const names = await readdir(dataDir);
      if (!names.includes('media.away')) return;
      await rm(directory, { recursive: true, force: true });
      await rename(away, directory);
    },
  };
}

/** S3 storage. It breaks like a network: connections are reset and refused. */
async function bucketOf(s3: S3Server): Promise<Store> {
  const proxy = await createGateProxy(new URL(s3.endpoint));
  const { options, env } = await createBucket(s3);
  return {
    env: { ...env, S3_ENDPOINT: `http://127.0.0.1:${proxy.port}` },
    storage: createS3Storage(options),
    proxy,
    breakIt: () => proxy.cut(),
    heal: () => proxy.heal(),
  };
}

/** Polls until there is an answer. If it hangs, throws with `what`. */
export async function until<T>(
  what: string,
  look: () => Promise<T | null | undefined | false> | T | null | undefined | false,
): Promise<T> {
  for (const deadline = Date.now() + WAIT_HANGS_AFTER_MS; ; await sleep(20)) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`it never came: ${what}`);
  }
}
