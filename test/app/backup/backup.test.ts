import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { SAVED_TABLES, tablesOf } from '../../../app/backup/backup.repository.ts';
import { newIdentity } from '../../../app/backup/encryption.ts';
import { seriesDue } from '../../../app/backup/backup.service.ts';
import { writeBackup } from '../../../app/backup/backup-writer.ts';
import { backupOf, nameOf } from '../../../app/backup/backup-store.ts';
import { connect, type Database } from '../../../app/db/client.ts';
import { createLogger } from '../../../app/logger.ts';
import { collection } from '../../../app/collections/collections.schema.ts';
import { mediaItem } from '../../../app/media/media.schema.ts';
import { verifyStorage } from '../../../app/media/housekeeping.service.ts';
import { migrations } from '../../../migrations/index.ts';
import { createEmptyDatabase, createTestDatabase } from '../../support/databases/database.ts';
import { picture } from '../../support/media/pictures.ts';
import { createTestApp, PASSWORD, type TestApp } from '../../support/servers/app.ts';
import { createAuthenticator } from '../../support/servers/authenticator.ts';
import { addPasskey, signInBy } from '../../support/servers/passkeys.ts';
import { program, run, start, type Ended } from './command.ts';

const logger = createLogger('silent', false);

let folder: string;
let identity: string;
let recipient: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meemikansio-backup-'));
  const made = await newIdentity();
  identity = join(folder, 'identity');
  ({ recipient } = made);
  await writeFile(identity, `# made by a test\n${made.identity}\n`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The environment of a command on this database and folder. */
const on = (url: string, dataDir: string) => ({
  DATABASE_URL: url,
  DATA_DIR: dataDir,
  BACKUP_RECIPIENT: recipient,
});

const freshFolder = () => mkdtemp(join(folder, 'data-'));

/** Makes a backup and returns the name of the daily one. */
async function backUp(env: Record<string, string>): Promise<string> {
  const made = await run(env, 'backup', 'now', '--json');
  expect(made).toMatchObject({ code: 0 });
  const { names } = z.object({ names: z.array(z.string()) }).parse(JSON.parse(made.out));
  expect(names[0]).toMatch(/^daily\//);
  return names[0] ?? '';
}

const restore = (env: Record<string, string>, name: string, key = identity): Promise<Ended> =>
  run(env, 'backup', 'restore', name, '--identity', key);

async function contentOf(db: Database): Promise<Record<string, string[]>> {
  const all: Record<string, string[]> = {};
  for (const table of SAVED_TABLES) {
    const { rows } = await sql<{ line: string }>`
      select row_to_json(t)::text as line from ${sql.table(table)} t order by 1`.execute(db);
    all[table] = rows.map(({ line }) => line);
  }
  return all;
}

describe('a backup', () => {
  const PUBLIC_URL = 'https://meemit.test';
  const phone = createAuthenticator(PUBLIC_URL);
  let app: TestApp;
  beforeAll(async () => {
    app = await createTestApp({ PUBLIC_URL });
    const aino = await app.admin();
    await addPasskey(aino, phone);
    const louhi = await app.member(aino, 'Louhi');
    const fields = { title: 'Ää “\u2028” \\ "quoted"', tags: 'kissa,koira' };
    const made = await aino.upload(await picture(), 'kissa.png', fields);
    const { id } = mediaItem.parse(await made.json());
    await louhi.upload(await picture(), 'toinen.png', {});
    expect((await aino.send('POST', '/api/shares', { itemIds: [id] })).status).toBe(201);
    const named = await aino.send('POST', '/api/collections', { name: 'Kissat' });
    const { id: collectionId } = collection.parse(await named.json());
    await aino.send('POST', `/api/collections/${collectionId}/items`, { ids: [id] });
    expect((await aino.send('POST', '/api/shares', { collectionId })).status).toBe(201);
  });
  afterAll(() => app[Symbol.asyncDispose]());

  it('brings every row back into an empty database, beside the objects', async () => {
    const name = await backUp(on(app.databaseUrl, app.dataDir));
    const listed = await run(on(app.databaseUrl, app.dataDir), 'backup', 'list');
    expect(listed.out).toContain(name);
    const before = await contentOf(app.deps.db);
    expect(before['share_items']).toHaveLength(1);
    expect(before['passkeys']).toHaveLength(1);

    await using empty = await createEmptyDatabase();
    const restored = await restore(on(empty.url, app.dataDir), name);
    expect(restored).toMatchObject({ code: 0 });
    expect(restored.out).toContain('2 users, 2 items, 2 shares');
    const db = connect(empty.url, logger, 2);
    const after = await contentOf(db);
    // The jobs of unfinished stages are not part of a backup: they are queued again.
    for (const table of SAVED_TABLES.filter((one) => !['media', 'media_stages', 'settings'].includes(one)))
      expect(after[table], table).toEqual(before[table]);
    // The next item of a collection gets a number that no other one has.
    const numbers = await sql<{ next: number; last: number }>`
      select nextval('collection_items_number')::integer as next, max(number) as last from collection_items`.execute(
      db,
    );
    expect(numbers.rows[0]?.next).toBeGreaterThan(numbers.rows[0]?.last ?? Infinity);
    // The moment of the backup is noted, which keeps the sweep from newer files.
    const settingsOf = (of: Database) => of.selectFrom('settings').selectAll().executeTakeFirstOrThrow();
    const restoredFrom = expect.any(Date);
    expect(await settingsOf(db)).toEqual({
      ...(await settingsOf(app.deps.db)),
      restored_from: restoredFrom,
    });
    expect(after['media']).toHaveLength(2);
    const report = await verifyStorage({ db, storage: app.deps.storage });
    expect(report).toMatchObject({ items: 2, missing: [], wrongSize: [], orphans: [] });
    const { count } = await db
      .selectFrom('media_stages')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('state', '=', 'failed')
      .executeTakeFirstOrThrow();
    expect(count).toBe(0);
    await db.insertInto('tags').values({ name: 'uusi' }).execute();
    expect(await db.selectFrom('sessions').select('id').execute()).toEqual([]);
    await db.destroy();
  });

  it('lets people sign in, and finds and processes what was not finished', async () => {
    const name = await backUp(on(app.databaseUrl, app.dataDir));
    await using again = await createTestApp({ DATA_DIR: app.dataDir, PUBLIC_URL });
    const file = join(app.dataDir, 'backups', name);
    expect((await restore(on(again.databaseUrl, app.dataDir), file)).out).toContain('are processed again');
    await again.work();
    const aino = again.visitor();
    const body = { username: 'Aino', password: PASSWORD };
    expect((await aino.send('POST', '/api/auth/login', body)).status).toBe(200);
    expect((await signInBy(again.visitor(), phone)).status).toBe(200);
    const found = await (await aino.request('/api/media?q=kissa')).json();
    expect(found).toMatchObject({ items: [{ tags: ['kissa', 'koira'] }] });
    const states = () => again.deps.db.selectFrom('media').select('state').distinct().execute();
    await expect.poll(states).toEqual([{ state: 'ready' }]);
  });

  it('is made although another one was made in the same second', async () => {
    const env = on(app.databaseUrl, app.dataDir);
    const names = [await backUp(env), await backUp(env), await backUp(env)];
    const listed = await run(env, 'backup', 'list');
    for (const name of names) expect(listed.out).toContain(name);
  });

  it('is not restored over rows', async () => {
    const name = await backUp(on(app.databaseUrl, app.dataDir));
    const refused = await restore(on(app.databaseUrl, app.dataDir), name);
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toContain('The database is not empty (users)');
  });

  it('is opened by its identity only, and says so', async () => {
    const name = await backUp(on(app.databaseUrl, app.dataDir));
    const other = join(folder, 'other');
    await writeFile(other, (await newIdentity()).identity);
    await using empty = await createEmptyDatabase();
    const env = on(empty.url, app.dataDir);
    expect(await restore(env, name, other)).toMatchObject({
      code: 1,
      err: 'The identity does not open this backup: it was made for another one.\n',
    });
    await writeFile(other, 'nothing of the kind');
    expect((await restore(env, name, other)).err).toContain('has no line that begins with AGE-SECRET-KEY-');
    // The identity is read before the backup is opened, which nobody would close.
    expect((await restore(env, 'daily/nothing', other)).err).toContain('has no line that begins with');
    expect((await restore(env, 'daily/nothing', identity)).err).toContain('There is neither a backup');
    const db = connect(empty.url, logger, 2);
    expect(await db.transaction().execute((trx) => tablesOf(trx, SAVED_TABLES))).toEqual([]);
    await db.destroy();
  });

  it('leaves the database as it was when its file is damaged or truncated', async () => {
    const name = await backUp(on(app.databaseUrl, app.dataDir));
    const whole = await readFile(join(app.dataDir, 'backups', name));
    await using empty = await createEmptyDatabase();
    const changed = Buffer.from(whole);
    changed[whole.length - 40] = (changed[whole.length - 40] ?? 0) ^ 1;
    for (const [what, bytes] of Object.entries({
      truncated: whole.subarray(0, -1),
      changed,
      empty: Buffer.alloc(0),
      foreign: Buffer.from('PGDMP'),
    })) {
      const file = join(folder, `${what}.age`);
      await writeFile(file, bytes);
      const refused = await restore(on(empty.url, app.dataDir), file);
      expect(refused, what).toMatchObject({ code: 1, out: '' });
      expect(refused.err, what).toMatch(/damaged or no backup/);
    }
    const db = connect(empty.url, logger, 2);
    expect(await db.transaction().execute((trx) => tablesOf(trx, SAVED_TABLES))).toEqual([]);
    await db.destroy();
  });

  it('holds no word of the rows in the clear, and nobody else may read the file', async () => {
    const name = await backUp(on(app.databaseUrl, app.dataDir));
    const path = join(app.dataDir, 'backups', name);
    expect((await readFile(path)).includes('Louhi')).toBe(false);
    expect((await readFile(path)).subarray(0, 21).toString()).toBe('age-encryption.org/v1');
    expect((await stat(path)).mode & 0o077).toBe(0);
  });

  it('needs a recipient, and says how to get one', async () => {
    const refused = await run({ DATABASE_URL: app.databaseUrl, DATA_DIR: app.dataDir }, 'backup', 'now');
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.err).toContain('backup keygen');
  });
});

/** Holds a table that a backup reads late, runs `work` in that transaction, and lets it go. */
async function whileReading(
  url: string,
  work: (db: Database, waiting: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const db = connect(url, logger, 3);
  await db.transaction().execute(async (trx) => {
    await sql`lock table shares in access exclusive mode`.execute(trx);
    await work(trx, async () => {
      const count = async () => {
        const { rows } = await sql<{ n: number }>`
          select count(*) as n from pg_locks where not granted and relation = 'shares'::regclass`.execute(
          trx,
        );
        return rows[0]?.n;
      };
      await expect.poll(count).toBe(1);
    });
  });
  await db.destroy();
}

describe('a backup in the making', () => {
  it('sees one moment, whatever the app does meanwhile', async () => {
    await using database = await createTestDatabase();
    const env = on(database.url, await freshFolder());
    const making = Promise.withResolvers<string>();
    await whileReading(database.url, async (trx, waiting) => {
      backUp(env).then(making.resolve, making.reject);
      await waiting();
      // A share read without its owner could not be restored.
      await sql`insert into users (id, username, username_key, username_skeleton, password_hash, role)
        values (gen_random_uuid(), 'Aino', 'aino', 'aino', '', 'admin')`.execute(trx);
      await sql`insert into shares (code, owner_id) select repeat('c', 22), id from users`.execute(trx);
    });
    await using empty = await createEmptyDatabase();
    const restored = await restore({ ...env, DATABASE_URL: empty.url }, await making.promise);
    expect(restored.out).toContain('0 users, 0 items, 0 shares');
  });

  it('leaves nothing when it is killed: nothing half is listed, and the next one is made', async () => {
    await using database = await createTestDatabase();
    const dataDir = await freshFolder();
    const env = on(database.url, dataDir);
    await whileReading(database.url, async (_trx, waiting) => {
      const child = start(env, 'backup', 'now');
      const ended = once(child, 'exit');
      await waiting();
      child.kill('SIGKILL');
      await ended;
    });
    expect((await run(env, 'backup', 'list')).out).toContain('There is no backup in');
    expect(await readdir(dataDir)).toEqual(['tmp']);
    const name = await backUp(env);
    expect((await run(env, 'backup', 'list')).out).toContain(name);
    expect(await readdir(join(dataDir, 'tmp'))).toEqual([]);
  });

  it('is not listed while it is a draft', async () => {
    await using database = await createTestDatabase();
    const dataDir = await freshFolder();
    const name = await backUp(on(database.url, dataDir));
    const path = join(dataDir, 'backups', name);
    await writeFile(`${path}.0000.part`, 'half');
    const listed = await run(on(database.url, dataDir), 'backup', 'list', '--json');
    const all = z.array(z.object({ name: z.string() })).parse(JSON.parse(listed.out));
    expect(all.map((each) => each.name.replace(/^\w+/, ''))).toEqual(
      Array.from({ length: 3 }, () => name.replace(/^\w+/, '')),
    );
  });
});

/** The first release, the one before, and this one. */
const LEVELS = Object.keys(migrations).filter((_name, i, all) => i === 0 || i >= all.length - 2);

describe('a backup of an earlier release', () => {
  it.each(LEVELS)('is brought up to date from %s', async (level) => {
    await using old = await createEmptyDatabase();
    const db = connect(old.url, logger, 2);
    await db.transaction().execute(async (trx) => {
      const migrator = new Migrator({ db: trx, provider: { getMigrations: async () => migrations } });
      expect((await migrator.migrateTo(level)).error).toBeUndefined();
      await sql`insert into users (id, username, username_key, username_skeleton, password_hash, role)
        values ('00000000-0000-4000-8000-000000000001', 'Aino', 'aino', 'aino', '', 'admin')`.execute(trx);
      await sql`insert into media
        (id, owner_id, kind, mime, width, height, byte_size, sha256, state, object_key, title)
        select gen_random_uuid(), id, 'image', 'image/png', 1, 1, 1, 'hash', 'ready', 'key', 'kissa'
        from users`.execute(trx);
    });
    await db.destroy();
    const env = on(old.url, await freshFolder());
    // The command would refuse a database that is not migrated yet.
    const path = join(folder, `${level}.age`);
    const before = connect(old.url, logger, 2);
    await writeBackup({ db: before, recipient, revision: 'old', out: createWriteStream(path) });
    await before.destroy();

    await using empty = await createEmptyDatabase();
    const target = { ...env, DATABASE_URL: empty.url };
    expect(await restore(target, path)).toMatchObject({ code: 0 });
    expect((await run(target, 'migrate', 'status')).code).toBe(0);
    const after = connect(empty.url, logger, 2);
    expect(await after.selectFrom('media').select(['title', 'kind']).execute()).toEqual([
      { title: 'kissa', kind: 'image' },
    ]);
    await after.destroy();
  });

  it('is restored into a database that the newest release has already made', async () => {
    await using database = await createTestDatabase();
    const env = on(database.url, await freshFolder());
    const name = await backUp(env);
    await using another = await createTestDatabase();
    expect(await restore({ ...env, DATABASE_URL: another.url }, name)).toMatchObject({ code: 0 });
  });
});

describe('backup keygen', () => {
  it('makes an identity without any configuration, for its owner alone, and never over another', async () => {
    const file = join(folder, 'made');
    const made = await program('backup', 'keygen', file);
    expect(made.out).toMatch(/^BACKUP_RECIPIENT=age1[0-9a-z]{58}\n$/);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const text = await readFile(file, 'utf8');
    expect(text).toMatch(/^AGE-SECRET-KEY-1[0-9A-Z]{58}$/m);
    expect(made.out).not.toContain('SECRET');
    expect(await program('backup', 'keygen', file)).toMatchObject({
      code: 1,
      err: `${file} exists already.\n`,
    });
    expect(await readFile(file, 'utf8')).toBe(text);
  });
});

describe('the name of a backup', () => {
  it('holds its moment to the millisecond, and that of an earlier release to the second', () => {
    const madeAt = new Date('2026-11-30T02:30:00.123Z');
    expect(backupOf(nameOf('daily', madeAt), 1)).toMatchObject({ series: 'daily', madeAt });
    const old = backupOf('daily/2026-11-30T023000Z.age', 1);
    expect(old?.madeAt).toEqual(new Date('2026-11-30T02:30:00Z'));
  });
});

describe('the series of backups', () => {
  const stored = (...names: string[]) => names.flatMap((name) => backupOf(`${name}T023000Z.age`, 1) ?? []);

  it('are one of each day, and the first of each week and month', () => {
    const monday = new Date('2026-11-30T02:30:00Z');
    expect(seriesDue([], monday)).toEqual(['daily', 'weekly', 'monthly']);
    const past = stored('daily/2026-11-29', 'weekly/2026-11-23', 'monthly/2026-11-01');
    expect(seriesDue(past, monday)).toEqual(['daily', 'weekly']);
    const tuesday = new Date('2026-12-01T02:30:00Z');
    expect(seriesDue([...past, ...stored('weekly/2026-11-30')], tuesday)).toEqual(['daily', 'monthly']);
    const sunday = new Date('2026-12-06T02:30:00Z');
    const all = stored('weekly/2026-11-30', 'monthly/2026-12-01');
    expect(seriesDue(all, sunday)).toEqual(['daily']);
  });
});
