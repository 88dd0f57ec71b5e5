import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mediaItem } from '../../../app/media/media.schema.ts';
import { createLocalStorage } from '../../../app/storage/local.ts';
import { createS3Storage } from '../../../app/storage/s3.ts';
import { createTestApp, ORIGIN } from '../../support/servers/app.ts';
import { createBucket } from '../../support/servers/bucket.ts';
import { objectKeys } from '../../support/objects.ts';
import { picture } from '../../support/media/pictures.ts';
import { missingS3Server, startS3Server, type S3Server } from '../../support/servers/s3-server.ts';

const missing = missingS3Server();
const because = missing === undefined ? '' : `: ${missing}`;
const CLI = join(import.meta.dirname, '../../../app/cli.ts');

describe.skipIf(missing !== undefined)(`the app with its files in a bucket${because}`, () => {
  let server: S3Server;
  beforeAll(async () => {
    server = await startS3Server();
  });
  afterAll(() => server.stop());

  it('lets no media byte through: browsers are sent to the bucket', async () => {
    const bucket = await createBucket(server, { origin: ORIGIN });
    await using app = await createTestApp({ ...bucket.env, OCR: 'off' });
    const aino = await app.admin();
    const original = await picture();
    const item = mediaItem.parse(await (await aino.upload(original, 'kissa.png')).json());
    expect(await app.files()).toEqual([]);
    const bytes = [];
    for (const address of [item.url, item.thumbUrl ?? '']) {
      expect(address.startsWith(`${bucket.options.publicUrl}/`)).toBe(true);
      const response = await fetch(address);
      expect(response.status).toBe(200);
      bytes.push(Buffer.from(await response.arrayBuffer()));

      const key = address.split('/').at(-1);
      for (const path of [`/api/files/${key}`, `/api/files/${key}?download=1`]) {
        const sent = await aino.request(path, { redirect: 'manual' });
        expect(sent.status).toBe(302);
        expect(await sent.text()).toBe('');
        expect(new URL(sent.headers.get('location') ?? '').origin).toBe(new URL(server.endpoint).origin);
      }
    }
    // No other answer contains one either.
    for (const path of ['/', '/api/media', `/api/media/${item.id}`, '/api/ready', '/api/health']) {
      const body = Buffer.from(await (await aino.request(path)).arrayBuffer());
      for (const media of bytes) expect(body.includes(media.subarray(0, 64))).toBe(false);
    }
    const download = await fetch(item.url);
    expect(download.headers.get('content-disposition')).toMatch(/^inline; filename="kissa.png"/);
    const signed = await aino.request(`/api/files/${item.url.split('/').at(-1)}?download=1`);
    const saved = await fetch(signed.headers.get('location') ?? '');
    expect(saved.headers.get('content-disposition')).toMatch(/^attachment; filename="kissa.png"/);
    const policy = (await aino.request('/')).headers.get('content-security-policy') ?? '';
    for (const directive of ['img-src', 'media-src', 'connect-src'])
      expect(policy).toMatch(new RegExp(`${directive} [^;]*${new URL(server.endpoint).origin}`));
    expect(await (await aino.request('/api/ready')).json()).toMatchObject({
      ready: true,
      storage: null,
      storageAdvice: null,
    });
  });

  it('moves house, taking up a copy that was killed', async () => {
    const bucket = await createBucket(server);
    await using app = await createTestApp({ OCR: 'off' });
    const aino = await app.admin();
    for (let i = 0; i < 12; i++) await aino.upload(await picture(), `meme ${i}.png`);
    const env = {
      ...bucket.env,
      STORAGE_BACKEND: 'local',
      PATH: process.env['PATH'],
      DATABASE_URL: app.databaseUrl,
      DATA_DIR: app.dataDir,
    };
    const to = createS3Storage(bucket.options);
    const from = createLocalStorage({ directory: join(app.dataDir, 'media') });
    const args = [CLI, 'storage', 'copy', '--from', 'local', '--to', 's3', '--json'];

    const killed = spawn(process.execPath, args, { env, stdio: 'ignore' });
    const ended = once(killed, 'exit');
    while ((await objectKeys(to)).length === 0 && killed.exitCode === null) await sleep(5);
    killed.kill('SIGKILL');
    await ended;

    const run = promisify(execFile);
    const { stdout } = await run(process.execPath, args, { env });
    const report: { copied: number; skipped: number } = JSON.parse(stdout);
    const keys = (await objectKeys(from)).toSorted();
    expect(report.copied + report.skipped).toBe(keys.length);
    expect(report.skipped).toBeGreaterThan(0);
    expect((await objectKeys(to)).toSorted()).toEqual(keys);
    expect(await bucket.unfinished()).toEqual([]);

    // Copies back, into another folder.
    const back = { ...env, DATA_DIR: `${app.dataDir}-back` };
    await run(
      process.execPath,
      args.map((arg) => ({ local: 's3', s3: 'local' })[arg] ?? arg),
      { env: back },
    );
    const returned = createLocalStorage({ directory: join(back.DATA_DIR, 'media') });
    expect((await objectKeys(returned)).toSorted()).toEqual(keys);
    await rm(back.DATA_DIR, { recursive: true, force: true });
  });
});
