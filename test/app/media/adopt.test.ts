import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newIdentity } from '../../../app/backup/encryption.ts';
import { createLogger } from '../../../app/logger.ts';
import { housekeeping, sweepOrphans, verifyStorage } from '../../../app/media/housekeeping.service.ts';
import { databaseId, readLibrary } from '../../../app/media/library.repository.ts';
import { mediaItem } from '../../../app/media/media.schema.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { picture } from '../../support/media/pictures.ts';
import { startServer } from '../../support/servers/server.ts';
import { run } from '../backup/command.ts';

const logger = createLogger('silent', false);
/** Every object counts as old: the sweep would remove any that no row names. */
const ANY_AGE_MS = -1000;

let folder: string;
let recipient: string;
let identity: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meemikansio-adopt-'));
  const made = await newIdentity();
  ({ recipient } = made);
  identity = join(folder, 'identity');
  await writeFile(identity, made.identity);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const envOf = (app: TestApp, dataDir: string) => ({
  DATABASE_URL: app.databaseUrl,
  DATA_DIR: dataDir,
  BACKUP_RECIPIENT: recipient,
});

const add = async (by: Visitor) =>
  mediaItem.parse(await (await by.upload(await picture(), 'kissa.png')).json());

const originalOf = async (app: TestApp, id: string) =>
  (await app.deps.db.selectFrom('media').select('object_key').where('id', '=', id).executeTakeFirstOrThrow())
    .object_key;

const exists = (app: TestApp, key: string) => app.deps.storage.info(key).then((info) => info !== null);

describe('after a restore', () => {
  it('newer files stay until they are adopted, moved ones are found again, and then the sweep goes on', async () => {
    await using before = await createTestApp();
    const aino = await before.admin();
    const [moved, replaced, kept] = [await add(aino), await add(aino), await add(aino)];
    const env = envOf(before, before.dataDir);
    expect((await run(env, 'backup', 'now')).code).toBe(0);
    const [backup] = await before.deps.backups.state().then(async () => {
      const listed = await run(env, 'backup', 'list', '--json');
      return JSON.parse(listed.out).map(({ name }: { name: string }) => name);
    });

    // After the backup: a new address, a new file of an item, and a new item.
    expect((await aino.send('POST', `/api/media/${moved.id}/new-address`)).status).toBeLessThan(300);
    const form = new FormData();
    form.set('file', await picture('jpeg'), 'toinen.jpg');
    const put = await aino.request(`/api/media/${replaced.id}/file`, { method: 'PUT', body: form });
    expect(put.status).toBeLessThan(300);
    const added = await add(aino);
    const newer = await Promise.all([moved, replaced, added].map(({ id }) => originalOf(before, id)));

    // The same folder of media, and an empty database.
    await using after = await createTestApp({ DATA_DIR: before.dataDir });
    const restored = envOf(after, before.dataDir);
    expect(await run(restored, 'backup', 'restore', backup, '--identity', identity)).toMatchObject({
      code: 0,
    });

    expect(await sweepOrphans(after.deps, logger, ANY_AGE_MS)).toBe(0);
    expect((await verifyStorage(after.deps, { repair: true, minAgeMs: ANY_AGE_MS })).keeps).toContain(
      'storage adopt',
    );
    for (const key of newer) expect(await exists(after, key)).toBe(true);

    const adopted = await run(restored, 'storage', 'adopt', '--owner', 'Aino', '--json');
    expect(adopted, adopted.err).toMatchObject({ code: 0 });
    const report = JSON.parse(adopted.out);
    expect(report.renamed.map(({ item }: { item: string }) => item)).toContain(moved.id);
    expect(report.added).toHaveLength(2);
    expect(report.left).toEqual([]);
    expect(await originalOf(after, moved.id)).toBe(newer[0]);
    const items = await after.deps.db.selectFrom('media').select(['id', 'mime']).execute();
    expect(items).toHaveLength(4);
    expect(items.find(({ id }) => id === replaced.id)?.mime).toBe('image/jpeg');
    expect(await exists(after, await originalOf(after, kept.id))).toBe(true);

    expect((await readLibrary(after.deps.db)).restored_from).toBeNull();
    await sweepOrphans(after.deps, logger, ANY_AGE_MS);
    const whole = await verifyStorage(after.deps);
    expect(whole.missing.filter(({ column }) => column === 'object_key')).toEqual([]);
    expect(whole.orphans).toEqual([]);
    const again = await run(restored, 'storage', 'adopt', '--owner', 'Aino', '--json');
    expect(JSON.parse(again.out)).toMatchObject({ renamed: [], added: [], known: [], left: [] });
  });

  it('a newer file of no known item holds the sweep, until it is let go', async () => {
    await using app = await createTestApp();
    const aino = await app.admin();
    await add(aino);
    await app.deps.db
      .updateTable('settings')
      .set({ restored_from: new Date(0) })
      .execute();
    // As an earlier release stored it.
    const key = '00000000-0000-4000-8000-000000000000.png';
    await app.deps.storage.put(key, import.meta.filename, { contentType: 'image/png' });
    const env = envOf(app, app.dataDir);
    const held = await run(env, 'storage', 'adopt', '--owner', 'Aino');
    expect(held).toMatchObject({ code: 1 });
    expect(held.out).toContain(`left       ${key}  (of no known item)`);
    expect(await sweepOrphans(app.deps, logger, ANY_AGE_MS)).toBe(0);
    expect((await run(env, 'storage', 'adopt', '--owner', 'Aino', '--discard')).code).toBe(0);
    expect(await sweepOrphans(app.deps, logger, ANY_AGE_MS)).toBe(1);
  });
});

describe('a storage', () => {
  it('belongs to one library: another database never sweeps it', async () => {
    await using app = await createTestApp();
    const aino = await app.admin();
    const { id } = await add(aino);
    expect(await sweepOrphans(app.deps, logger)).toBe(0);
    const { library_id: library } = await readLibrary(app.deps.db);
    expect(await app.deps.storage.library()).toBe(`${library} ${await databaseId(app.deps.db)}`);

    await using stranger = await createTestApp({ DATA_DIR: app.dataDir });
    // The databases of tests are copies of one.
    await stranger.deps.db.updateTable('settings').set({ library_id: randomUUID() }).execute();
    const louhi = await stranger.admin();
    await add(louhi);
    expect(await sweepOrphans(stranger.deps, logger, ANY_AGE_MS)).toBe(0);
    expect(await exists(app, await originalOf(app, id))).toBe(true);
    expect((await verifyStorage(stranger.deps)).keeps).toContain('belongs to another library');
    const refused = await run(envOf(stranger, app.dataDir), 'storage', 'adopt', '--owner', 'Aino');
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.err).toContain('--take-over');
  });

  it('belongs to one database: a copy of the rows removes nothing from it, until it is told to', async () => {
    await using app = await createTestApp();
    const { id } = await add(await app.admin());
    expect(await sweepOrphans(app.deps, logger)).toBe(0);

    await using copy = await createTestApp({ DATA_DIR: app.dataDir });
    const same = await readLibrary(app.deps.db);
    await copy.deps.db.updateTable('settings').set(same).execute();
    const env = envOf(copy, app.dataDir);
    const started = await startServer({ dataDir: app.dataDir, env: { ...env, OCR: 'off' } });
    await expect.poll(started.output).toContain('this one is a copy');
    expect(await started.stop()).toBe(0);

    const item = await add(await copy.admin());
    // Trashed long ago in the copy, with a file that the library itself uses.
    const key = await originalOf(app, id);
    await copy.deps.db
      .updateTable('media')
      .set({ object_key: key, deleted_at: new Date(0) })
      .where('id', '=', item.id)
      .execute();
    await housekeeping({ ...copy.deps, directory: copy.deps.tmpDir }, logger);
    expect(await sweepOrphans(copy.deps, logger, ANY_AGE_MS)).toBe(0);
    expect(await exists(app, key)).toBe(true);
    expect((await verifyStorage(copy.deps)).keeps).toContain('this one is a copy');

    expect((await run(env, 'storage', 'claim')).err).toContain('--take-over');
    expect((await run(env, 'storage', 'adopt', '--owner', 'Aino')).err).toContain('--take-over');
    expect(await run(env, 'storage', 'claim', '--take-over')).toMatchObject({ code: 0 });
    expect((await verifyStorage(copy.deps)).keeps).toBeNull();
    // Now the former one is the stranger.
    expect((await verifyStorage(app.deps)).keeps).toContain('this one is a copy');
    await housekeeping({ ...copy.deps, directory: copy.deps.tmpDir }, logger);
    expect(await exists(app, key)).toBe(false);
  });

  it('that an earlier release marked gets the mark of its database by the next sweep', async () => {
    await using app = await createTestApp();
    await add(await app.admin());
    const { library_id: library } = await readLibrary(app.deps.db);
    await app.deps.storage.claim(library);
    await sweepOrphans(app.deps, logger);
    expect(await app.deps.storage.library()).toBe(`${library} ${await databaseId(app.deps.db)}`);
  });

  it('with files is not claimed by a database without items', async () => {
    await using app = await createTestApp();
    await add(await app.admin());
    await using empty = await createTestApp({ DATA_DIR: app.dataDir });
    expect(await sweepOrphans(empty.deps, logger, ANY_AGE_MS)).toBe(0);
    expect(await app.deps.storage.library()).toBeNull();
  });
});
