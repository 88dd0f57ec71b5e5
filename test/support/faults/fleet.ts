import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newIdentity } from '../../../app/backup/encryption.ts';
import { createS3Store } from '../../../app/backup/s3-store.ts';
import type { BackupStore } from '../../../app/backup/backup-store.ts';
import { connect, type Database } from '../../../app/db/client.ts';
import { createLogger } from '../../../app/logger.ts';
import { createS3Storage } from '../../../app/storage/s3.ts';
import type { Storage } from '../../../app/storage/storage.ts';
import { createTestDatabase } from '../databases/database.ts';
import { startBalancer, type Balancer } from '../servers/balancer.ts';
import { createBucket, type TestBucket } from '../servers/bucket.ts';
import { startS3Server } from '../servers/s3-server.ts';
import { startServer, type ServerProcess } from '../servers/server.ts';

const ROOT = join(import.meta.dirname, '../../..');
const QUIET = createLogger('silent', false);

/** Processes on one database and one bucket, each with a disk of its own, behind a balancer. */
export interface Fleet extends AsyncDisposable {
  balancer: Balancer;
  /** Those that get requests. */
  running(): readonly ServerProcess[];
  /** Starts one more process and leads requests to it, too. */
  add(release?: Release): Promise<ServerProcess>;
  /** Takes a process out of the balancer, then ends it by SIGTERM. Returns its exit code. */
  retire(one: ServerProcess): Promise<number | null>;
  /** Ends a process by SIGKILL while it works. */
  kill(one: ServerProcess): Promise<void>;
  /** The output of every process that ever ran. */
  output(): string[];
  /** Direct access, for checks. */
  db: Database;
  storage: Storage;
  bucket: TestBucket;
  backups: BackupStore;
}

/** Code that a process runs. */
export interface Release {
  root: string;
  revision: string;
}

const THIS_RELEASE: Release = { root: ROOT, revision: 'old' };

/** The secret of every process. */
export const FLEET_SECRET = 'f'.repeat(40);
/** Enough for a process under test; many together must not use up the server of the tests. */
const CONNECTIONS = 8;

export async function startFleet(processes: number): Promise<Fleet> {
  await using made = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'meemikansio-fleet-'));
  made.defer(() => rm(folder, { recursive: true, force: true }));
  const s3 = await startS3Server();
  made.defer(() => s3.stop());
  const database = made.use(await createTestDatabase());
  const bucket = await createBucket(s3);
  const backups = await createBucket(s3, { readable: false });
  const db = connect(database.url, QUIET, 2);
  made.defer(() => db.destroy());
  const balancer = made.use(await startBalancer());

  const ever: ServerProcess[] = [];
  made.defer(async () => void (await Promise.all(ever.map((one) => one.stop()))));
  let running: ServerProcess[] = [];
  const lead = () => balancer.lead(running.map(({ url }) => url));
  const { recipient } = await newIdentity();
  const start = async ({ root, revision }: Release) => {
    const started = await startServer({
      // A container has a disk of its own, and nothing of another one.
      dataDir: await mkdtemp(join(folder, 'disk-')),
      command: [process.execPath, join(root, 'app/main.ts')],
      env: {
        ...bucket.env,
        DATABASE_URL: database.url,
        DATABASE_CONNECTIONS: String(CONNECTIONS),
        JWT_SECRET: FLEET_SECRET,
        PUBLIC_URL: balancer.url,
        REVISION: revision,
        BACKUP_RECIPIENT: recipient,
        BACKUP_BUCKET: backups.options.bucket,
      },
    });
    ever.push(started);
    return started;
  };
  running = await Promise.all(Array.from({ length: processes }, () => start(THIS_RELEASE)));
  await lead();
  const cleanUp = made.move();
  const without = (one: ServerProcess) => (running = running.filter((each) => each !== one));
  return {
    balancer,
    running: () => running,
    async add(release = THIS_RELEASE) {
      const started = await start(release);
      running = [...running, started];
      await lead();
      return started;
    },
    async retire(one) {
      without(one);
      await lead();
      return one.stop();
    },
    async kill(one) {
      await one.kill();
      without(one);
      await lead();
    },
    output: () => ever.map((one) => one.output()),
    db,
    storage: createS3Storage(bucket.options),
    bucket,
    backups: createS3Store(backups.options),
    [Symbol.asyncDispose]: () => cleanUp.disposeAsync(),
  };
}

/** The migration that {@link makeNextRelease} adds. */
export const NEXT_MIGRATION = '2999-01-01T0000-next-additive';

/**
 * Makes the next release in `folder`: this one with a further migration, which adds a column to the
 * items.
 */
export async function makeNextRelease(folder: string): Promise<Release> {
  const root = join(folder, 'next');
  await mkdir(root);
  for (const name of ['app', 'migrations', 'package.json'])
    await cp(join(ROOT, name), join(root, name), { recursive: true });
  for (const name of ['node_modules', 'models']) await symlink(join(ROOT, name), join(root, name));
  await writeFile(
    join(root, 'migrations', `${NEXT_MIGRATION}.ts`),
    `import { sql, type Kysely } from 'kysely';
     export const up = async (db: Kysely<unknown>) =>
       void (await sql\`alter table media add column next text not null default 'next'\`.execute(db));
     export const down = async (db: Kysely<unknown>) =>
       void (await sql\`alter table media drop column next\`.execute(db));\n`,
  );
  const list = join(root, 'migrations/index.ts');
  const text = await readFile(list, 'utf8');
  await writeFile(
    list,
    `import * as next from './${NEXT_MIGRATION}.ts';\n${text.replace(/\n\};\s*$/, `\n  '${NEXT_MIGRATION}': next,\n};\n`)}`,
  );
  return { root, revision: 'next' };
}
