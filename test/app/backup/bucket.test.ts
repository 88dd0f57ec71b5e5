import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { newIdentity } from '../../../app/backup/encryption.ts';
import { createS3Store } from '../../../app/backup/s3-store.ts';
import { createEmptyDatabase } from '../../support/databases/database.ts';
import { picture } from '../../support/media/pictures.ts';
import { createTestApp } from '../../support/servers/app.ts';
import { createBucket } from '../../support/servers/bucket.ts';
import { missingS3Server, startS3Server, type S3Server } from '../../support/servers/s3-server.ts';
import { run } from './command.ts';

const missing = missingS3Server();
const because = missing === undefined ? '' : `: ${missing}`;

describe.skipIf(missing !== undefined)(`backups in a bucket${because}`, () => {
  let server: S3Server;
  let folder: string;
  let recipient: string;
  let identity: string;
  beforeAll(async () => {
    server = await startS3Server();
    folder = await mkdtemp(join(tmpdir(), 'meemikansio-bucket-'));
    const pair = await newIdentity();
    ({ recipient } = pair);
    identity = join(folder, 'identity');
    await writeFile(identity, pair.identity);
  });
  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('are made, listed and restored by the commands, beside the media in their own bucket', async () => {
    const media = await createBucket(server);
    const backups = await createBucket(server, { readable: false });
    const env = {
      ...media.env,
      BACKUP_RECIPIENT: recipient,
      BACKUP_BUCKET: backups.options.bucket,
      DATA_DIR: folder,
    };
    await using app = await createTestApp({ ...media.env, OCR: 'off' });
    const aino = await app.admin();
    expect((await aino.upload(await picture(), 'kissa.png')).status).toBe(201);
    const before = await media.size();
    const of = { ...env, DATABASE_URL: app.databaseUrl };

    const empty = await run(of, 'backup', 'list');
    expect(empty.out).toBe(`There is no backup in the bucket ${backups.options.bucket}.\n`);
    const made = await run(of, 'backup', 'now', '--json');
    expect(made, made.err).toMatchObject({ code: 0 });
    const { names } = z.object({ names: z.array(z.string()) }).parse(JSON.parse(made.out));
    expect(names.map((name) => name.split('/')[0])).toEqual(['daily', 'weekly', 'monthly']);
    const again = await run(of, 'backup', 'now', '--json');
    expect(z.object({ names: z.array(z.string()) }).parse(JSON.parse(again.out)).names).toHaveLength(1);
    const listed = await run(of, 'backup', 'list');
    for (const name of names) expect(listed.out).toContain(name);
    expect(listed.out.trim().split('\n')).toHaveLength(1 + 4);
    // Nothing of it is among the media, and nobody gets one by its address.
    expect(await media.size()).toBe(before);
    expect(await backups.size()).toBe(4);
    expect((await fetch(`${backups.options.publicUrl}/${names[0]}`)).status).toBe(403);

    await using other = await createEmptyDatabase();
    const into = { ...env, DATABASE_URL: other.url };
    const restored = await run(into, 'backup', 'restore', names[0] ?? '', '--identity', identity);
    expect(restored, restored.err).toMatchObject({ code: 0 });
    expect(restored.out).toContain('1 users, 1 items');
    expect((await run(of, 'backup', 'restore', names[0] ?? '', '--identity', identity)).err).toContain(
      'The database is not empty',
    );
  });

  it('are stored whole in many parts, and read as they were', async () => {
    const store = createS3Store((await createBucket(server, { readable: false })).options);
    const file = join(folder, 'large');
    const bytes = randomBytes(12_000_000);
    await writeFile(file, bytes);
    const name = 'daily/2026-11-30T023000.123Z.age';
    await store.put(name, file);
    expect(await store.list()).toMatchObject([{ name, size: bytes.length }]);
    const back = await store.read(name);
    expect(back && (await buffer(back)).equals(await readFile(file))).toBe(true);
    expect(await store.read('daily/2026-11-29T023000.123Z.age')).toBeNull();
    expect(await store.read('meemikansio-library')).toBeNull();
  });

  it('say which bucket does not answer', async () => {
    const { env } = await createBucket(server);
    await using app = await createTestApp({ OCR: 'off' });
    await app.admin();
    const refused = await run(
      {
        ...env,
        DATABASE_URL: app.databaseUrl,
        DATA_DIR: folder,
        BACKUP_RECIPIENT: recipient,
        BACKUP_BUCKET: 'no-such-bucket',
      },
      'backup',
      'now',
    );
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toContain('no-such-bucket');
  });
});
