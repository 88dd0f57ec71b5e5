import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, open, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mediaItem } from '../../../app/media/media.schema.ts';
import { createTestApp, type TestApp } from '../../support/servers/app.ts';
import { createBucket } from '../../support/servers/bucket.ts';
import { watchMemory } from '../../support/memory.ts';
import { objectKeys } from '../../support/objects.ts';
import { animation, picture } from '../../support/media/pictures.ts';
import { missingS3Server, startS3Server, type S3Server } from '../../support/servers/s3-server.ts';
import { MAKERS } from '../../support/media/specimens.ts';
import { blobOf } from '../../support/media/videos.ts';
import { folderOf } from './folder-of.ts';

// Runs the real program as a process between instances, as an operator does who moves a library.

const CLI = join(import.meta.dirname, '../../../app/cli.ts');
const run = promisify(execFile);

type Env = Record<string, string | undefined>;
const envOf = (app: TestApp, more: Env = {}): Env => ({
  PATH: process.env['PATH'],
  LOG_LEVEL: 'silent',
  OCR: 'off',
  DATABASE_URL: app.databaseUrl,
  DATA_DIR: app.dataDir,
  ...more,
});
const cli = (env: Env, ...args: string[]) =>
  run(process.execPath, [CLI, ...args], { env, maxBuffer: 10_000_000 });

/** Runs a command and kills it as soon as `when` resolves. */
async function killed(env: Env, args: readonly string[], when: () => Promise<boolean>): Promise<void> {
  const child = spawn(process.execPath, [CLI, ...args], { env, stdio: 'ignore' });
  const ended = once(child, 'exit');
  while (child.exitCode === null && !(await when())) await sleep(2);
  child.kill('SIGKILL');
  const [, signal] = await ended;
  expect(signal, `${args.join(' ')} ended before it could be killed`).toBe('SIGKILL');
}

const rows = async (app: TestApp) =>
  Number(
    (
      await app.deps.db
        .selectFrom('media')
        .select((eb) => eb.fn.countAll().as('n'))
        .executeTakeFirstOrThrow()
    ).n,
  );

/**
 * Adds 200 items of every accepted format, by four people. They have titles, descriptions, tags and
 * texts; some are in the trash.
 */
async function fill(app: TestApp): Promise<void> {
  const aino = await app.admin();
  const people = [
    aino,
    await app.member(aino, 'Louhi'),
    await app.member(aino, 'Väinö'),
    await app.member(aino, '小林'),
  ];
  const specimens = Object.entries(MAKERS);
  const size = { width: 48, height: 36 };
  const ids: string[] = [];
  const add = async (i: number) => {
    const [name, make] = specimens[i] ?? ['', null];
    const file = make
      ? blobOf(await make())
      : i % 10 === 0
        ? await animation(3, 24)
        : await picture((['png', 'jpeg', 'webp'] as const)[i % 3], size);
    const fields = {
      title: i % 3 === 0 ? `Meemi ${i} ☕` : '',
      tags: i % 2 === 0 ? `sarja-${i % 7},kissa` : '',
    };
    const made = await people[i % people.length]?.upload(file, `${name || 'meemi'} ${i} ä"1".bin`, fields);
    expect(made?.status, `${name} ${i}: ${await made?.clone().text()}`).toBe(201);
    ids.push(mediaItem.parse(await made?.json()).id);
  };
  for (let i = 0; i < 200; i += 4) await Promise.all([0, 1, 2, 3].map((n) => add(i + n)));
  const { db } = app.deps;
  for (const [i, id] of ids.entries()) {
    // A text as OCR writes it, and one as a user writes it.
    const text = i % 2 === 0 ? `SANAT ${i}\nkoirille käy` : '';
    await db
      .updateTable('media')
      .set({ text, text_edited: i % 8 === 0 })
      .where('id', '=', id)
      .execute();
    await db
      .updateTable('media_stages')
      .set({ state: 'done' })
      .where('media_id', '=', id)
      .where('stage', '=', 'text')
      .execute();
    if (i % 5 === 0) await aino.send('PATCH', `/api/media/${id}`, { description: `Kuvaus ${i}` });
    if (i % 20 === 7) await aino.send('DELETE', `/api/media/${id}`);
  }
  const [louhi] = await db.selectFrom('users').select('id').where('username', '=', 'Louhi').execute();
  await aino.send('PATCH', `/api/users/${louhi?.id}`, { disabled: true });
}

const missing = missingS3Server();
const because = missing === undefined ? '' : `: ${missing}`;

describe.skipIf(missing !== undefined)(`moving house${because}`, () => {
  let server: S3Server;
  let folder: string;
  beforeAll(async () => {
    server = await startS3Server();
    folder = await mkdtemp(join(tmpdir(), 'meemikansio-moving-'));
  });
  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('200 mixed items go local → S3 → archive → another instance, killed at every step, and arrive the same', async () => {
    const bucket = await createBucket(server);
    await using local = await createTestApp({ OCR: 'off' });
    await fill(local);
    const before = await folderOf(local);
    expect(before.items).toHaveLength(200);
    expect(before.people).toHaveLength(4);
    expect(new Set(before.items.map(({ mime }) => mime)).size).toBe(8);

    // Copy to the bucket.
    const copy = ['storage', 'copy', '--from', 'local', '--to', 's3', '--json'];
    const named = { ...bucket.env, STORAGE_BACKEND: 'local' };
    await killed(envOf(local, named), copy, async () => (await bucket.size()) > 5);
    await cli(envOf(local, named), ...copy);
    const objects = (await objectKeys(local.deps.storage)).toSorted();
    expect(await bucket.size()).toBe(objects.length);

    // Export from the bucket to an archive. A killed export leaves no file under the final name.
    const inBucket = envOf(local, { ...bucket.env, DATA_DIR: join(folder, 'elsewhere') });
    const archive = join(folder, 'house.tar');
    await killed(inBucket, ['export', archive], async () => existsSync(`${archive}.part`));
    expect(existsSync(archive)).toBe(false);
    const exported = await cli(inBucket, 'export', archive, '--with-passwords', '--json');
    expect(JSON.parse(exported.stdout)).toMatchObject({ people: 4, items: 200, missing: [] });
    expect(await readdir(folder)).not.toContain('house.tar.part');

    // Import into an empty instance with a separate bucket.
    const another = await createBucket(server);
    await using target = await createTestApp({ ...another.env, OCR: 'off' });
    const there = envOf(target, another.env);
    await killed(there, ['import', archive], async () => (await rows(target)) > 20);
    const half = await rows(target);
    expect(half).toBeLessThan(200);
    const { stdout } = await cli(there, 'import', archive, '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      people: { added: 0, known: 4 },
      items: { added: 200 - half, updated: 0, skipped: half },
    });
    expect(await folderOf(target)).toEqual(before);
    expect(await another.size()).toBe(200); // none of them twice
    expect(await another.unfinished()).toEqual([]);

    // The same words find it, and jobs make the renditions.
    const found = async (app: TestApp) =>
      app.deps.db
        .selectFrom('media_search')
        .select(['media_id', 'live', 'terms'])
        .orderBy('media_id')
        .execute();
    const owners = async (app: TestApp) =>
      new Map(
        (await app.deps.db.selectFrom('users').select(['id', 'username']).execute()).map((u) => [
          u.id,
          u.username,
        ]),
      );
    const words = async (app: TestApp) => {
      const names = await owners(app);
      const byName = (terms: string) =>
        terms.replace(/'@by:([0-9a-f-]+)'/, (_, id: string) => `@by:${names.get(id)}`);
      return (await found(app)).map((row) => ({ ...row, terms: byName(row.terms) }));
    };
    expect(await words(target)).toEqual(await words(local));
    expect(
      await target.deps.db.selectFrom('tags').select(['name', 'uses']).orderBy('name').execute(),
    ).toEqual(await local.deps.db.selectFrom('tags').select(['name', 'uses']).orderBy('name').execute());
    await target.work();
    const waiting = async () =>
      Number(
        (
          await target.deps.db
            .selectFrom('media')
            .select((eb) => eb.fn.countAll().as('n'))
            .where((eb) => eb.or([eb('state', '!=', 'ready'), eb('thumb_key', 'is', null)]))
            .executeTakeFirstOrThrow()
        ).n,
      );
    await expect.poll(waiting, { interval: 500 }).toBe(0);
    expect(await folderOf(target)).toEqual(before);
  });
});

it('an original of 100 MB goes through an archive in little memory', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'meemikansio-large-'));
  await using source = await createTestApp({ OCR: 'off' });
  await using target = await createTestApp({ OCR: 'off' });
  await source.admin();
  const { id: owner } = await source.deps.db.selectFrom('users').select('id').executeTakeFirstOrThrow();
  const path = join(folder, 'large');
  const file = await open(path, 'wx');
  const hash = createHash('sha256');
  const block = randomBytes(1_000_000);
  block.write('\0\0\0\x18ftypisom\0\0\0\0isommp42', 'latin1');
  for (let i = 0; i < 100; i++) {
    block.writeUInt32BE(i, 100);
    hash.update(block);
    await file.write(block);
  }
  await file.close();
  const sha256 = hash.digest('hex');
  const key = `${randomUUID()}.mp4`;
  await source.deps.storage.put(key, path, { contentType: 'video/mp4' });
  await rm(path);
  await source.deps.db
    .insertInto('media')
    .values({
      id: uuidv7(),
      owner_id: owner,
      kind: 'video',
      mime: 'video/mp4',
      width: 640,
      height: 480,
      byte_size: 100_000_000,
      sha256,
      state: 'ready',
      object_key: key,
    })
    .execute();

  const archive = join(folder, 'large.tar');
  const { exportFolder } = await import('../../../app/archive/export.service.ts');
  const { importFolder } = await import('../../../app/archive/import.service.ts');
  const memory = watchMemory();
  const out = await open(archive, 'wx');
  await exportFolder({
    ...source.deps,
    out: out.createWriteStream(),
    revision: 'test',
    withPasswords: false,
  });
  const extraOut = memory.stop();
  const more = watchMemory();
  const input = await open(archive);
  await importFolder({
    ...target.deps,
    readsText: false,
    source: input.createReadStream({ highWaterMark: 256 * 1024 }),
    folder,
    owner: null,
  });
  const extraIn = more.stop();
  expect((await folderOf(target)).items).toMatchObject([{ content: sha256, byte_size: 100_000_000 }]);
  expect(extraOut).toBeLessThanOrEqual(64_000_000);
  expect(extraIn).toBeLessThanOrEqual(64_000_000);
  await rm(folder, { recursive: true, force: true });
});
