import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { usage } from '../../../app/admin/admin.schema.ts';
import { backupJob } from '../../../app/backup/backup.jobs.ts';
import { backupOf } from '../../../app/backup/backup-store.ts';
import { newIdentity } from '../../../app/backup/encryption.ts';
import { createLocalStore } from '../../../app/backup/local-store.ts';
import { lastNight, problemOf } from '../../../app/backup/nightly.service.ts';
import { inTransaction } from '../../../app/db/transaction.ts';
import { readiness } from '../../../app/health/health.schema.ts';
import { createTestApp, type TestApp } from '../../support/servers/app.ts';
import { startServer } from '../../support/servers/server.ts';
import { register } from '../../support/servers/http.ts';
import { run } from './command.ts';

let recipient: string;
beforeAll(async () => {
  ({ recipient } = await newIdentity());
});

const dailyOf = async (dataDir: string) =>
  (await createLocalStore(join(dataDir, 'backups')).list()).filter(({ series }) => series === 'daily');

const enqueue = ({ deps: { db, jobs } }: TestApp) =>
  inTransaction(db, (trx) => jobs.enqueue(trx, backupJob, {}));

describe('the nightly backup', () => {
  it('is made by a job once, however many processes ask for it', async () => {
    await using app = await createTestApp({ BACKUP_RECIPIENT: recipient });
    await app.admin();
    for (let i = 0; i < 5; i++) await enqueue(app);
    const waiting = async () => {
      const { rows } = await countJobs(app);
      return rows;
    };
    expect(await waiting()).toBe(1);
    await app.work();
    await expect.poll(() => dailyOf(app.dataDir)).toHaveLength(1);
    await expect.poll(waiting).toBe(0);
    // A further run of the same night finds that one.
    await enqueue(app);
    await expect.poll(waiting).toBe(0);
    expect(await dailyOf(app.dataDir)).toHaveLength(1);
  });

  it('is not made of a library without users, nor without a recipient', async () => {
    await using empty = await createTestApp({ BACKUP_RECIPIENT: recipient });
    expect(await empty.deps.backups.makeIfDue()).toBeNull();
    await using off = await createTestApp();
    await off.admin();
    expect(await off.deps.backups.isDue()).toBe(false);
    expect(await off.deps.backups.makeIfDue()).toBeNull();
  });

  it('is made up for at the start when it was missed', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'meemikansio-nightly-'));
    try {
      const env = { OCR: 'off', BACKUP_RECIPIENT: recipient };
      // Without a recipient it makes no backup, however late its own check comes.
      const first = await startServer({ dataDir, env: { OCR: 'off' } });
      await register(first.url);
      expect(await first.stop()).toBe(0);
      expect(await dailyOf(dataDir)).toEqual([]);
      await using again = await startServer({ dataDir, env });
      await expect.poll(() => dailyOf(dataDir)).toHaveLength(1);
      const [made] = await dailyOf(dataDir);
      const last = async () =>
        readiness.parse(await (await fetch(`${again.url}/api/ready`)).json()).lastBackup;
      await expect.poll(last).toBe(made?.madeAt.toISOString());
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  });

  it('removes what is too old from a folder: 14 of days, 8 of weeks, 12 of months stay', async () => {
    await using app = await createTestApp({ BACKUP_RECIPIENT: recipient });
    await app.admin();
    const store = createLocalStore(join(app.dataDir, 'backups'));
    const draft = join(app.dataDir, 'draft');
    await writeFile(draft, 'an old one');
    for (const series of ['daily', 'weekly', 'monthly'])
      for (let day = 10; day < 28; day++) await store.put(`${series}/2026-01-${day}T023000Z.age`, draft);
    const made = await app.deps.backups.makeIfDue();
    expect(made?.names).toHaveLength(3);
    expect(made?.removed).toHaveLength(3 * 19 - 14 - 8 - 12);
    const left = async (series: string) => (await readdir(join(app.dataDir, 'backups', series))).sort();
    expect([
      (await left('daily')).length,
      (await left('weekly')).length,
      (await left('monthly')).length,
    ]).toEqual([14, 8, 12]);
    expect((await left('weekly'))[0]).toBe('2026-01-21T023000Z.age');
  });
});

/** Counts the nightly jobs that wait or run. */
async function countJobs({ deps: { db } }: TestApp): Promise<{ rows: number }> {
  const { sql } = await import('kysely');
  const { rows } = await sql<{ rows: number }>`
    select count(*) as rows from pgboss.job where name = ${backupJob.name} and state <= 'active'`.execute(db);
  return { rows: Number(rows[0]?.rows) };
}

describe('whoever looks', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await createTestApp({ BACKUP_RECIPIENT: recipient });
  });
  afterAll(() => app[Symbol.asyncDispose]());

  const ready = async (of: TestApp) => {
    const response = await of.visitor().request('/api/ready');
    expect(response.status, 'backups make no process unready').toBe(200);
    return readiness.parse(await response.json());
  };

  it('is told of a missing backup and then of the last one, on the administration page and by /api/ready', async () => {
    const aino = await app.admin();
    expect(await ready(app)).toMatchObject({ backup: 'There is no backup yet.', lastBackup: null });
    const made = await app.deps.backups.makeIfDue();
    const lastAt = made?.madeAt.toISOString();
    expect(await ready(app)).toMatchObject({ backup: null, lastBackup: lastAt });
    const told = usage.parse(await (await aino.request('/api/admin/usage')).json());
    expect(told.backup).toEqual({ lastAt, problem: null });
  });

  it('is told when the place of the backups cannot be read', async () => {
    await using broken = await createTestApp({ BACKUP_RECIPIENT: recipient });
    // A file where the folder should be: reading it fails for root, too.
    await writeFile(join(broken.dataDir, 'backups'), '');
    await chmod(join(broken.dataDir, 'backups'), 0o600);
    expect(await ready(broken)).toMatchObject({ backup: 'The backups cannot be listed.' });
  });

  it('is told in production that there are none, and not in development', async () => {
    await using production = await createTestApp({
      NODE_ENV: 'production',
      JWT_SECRET: 'x'.repeat(40),
      DATABASE_URL: 'postgres://unused/unused',
    });
    expect((await ready(production)).backup).toContain('BACKUP_RECIPIENT is not set');
    await using development = await createTestApp();
    expect((await ready(development)).backup).toBeNull();
  });
});

it('is late when two nights have passed', () => {
  const at = (text: string) => new Date(text);
  expect(lastNight(at('2026-11-30T02:29:59Z'))).toEqual(at('2026-11-29T02:30:00Z'));
  expect(lastNight(at('2026-11-30T02:30:00Z'))).toEqual(at('2026-11-30T02:30:00Z'));
  const last = backupOf('daily/2026-11-28T023000Z.age', 1)?.madeAt ?? null;
  expect(problemOf(last, at('2026-11-30T02:29:00Z'))).toBeNull();
  expect(problemOf(last, at('2026-11-30T02:31:00Z'))).toBe('late');
  expect(problemOf(null, at('2026-11-30T02:31:00Z'))).toBe('missing');
});

it('a bucket of backups wants the key of the media bucket, and local disks of containers are refused', async () => {
  const url = { DATABASE_URL: 'postgres://127.0.0.1:1/none' };
  expect((await run({ ...url, BACKUP_BUCKET: 'backups' }, 'backup', 'list')).err).toContain('S3_BUCKET');
  const s3 = {
    STORAGE_BACKEND: 's3',
    S3_BUCKET: 'media',
    S3_REGION: 'r',
    S3_ENDPOINT: 'http://127.0.0.1:1',
    S3_ACCESS_KEY_ID: 'k',
    S3_SECRET_ACCESS_KEY: 's',
  };
  const refused = await run({ ...url, ...s3, BACKUP_RECIPIENT: recipient }, 'backup', 'list');
  expect(refused.err).toContain('BACKUP_BUCKET');
});
