import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type Database } from '../../../app/db/client.ts';
import { startEmbeddedDatabase } from '../../../app/db/embedded.ts';
import { migrationNeed, NewerSchemaError, UnknownSchemaError } from '../../../app/db/migration-history.ts';
import { migrateToLatest, migrationStatus } from '../../../app/db/migrate.ts';
import { inTransaction } from '../../../app/db/transaction.ts';
import { createLogger } from '../../../app/logger.ts';
import { backfillSearch } from '../../../app/search/backfill.service.ts';
import { BASELINE, STEPS, type Step } from '../../../migrations/before-baseline/steps.ts';
import { migrations } from '../../../migrations/index.ts';
import { createEmptyDatabase } from '../../support/databases/database.ts';
import {
  createFormerDatabase,
  FIRST_RELEASE,
  LAST_STEP,
  restoreStep,
} from '../../support/databases/former-steps.ts';
import { startServer } from '../../support/servers/server.ts';
import { readSchema, type SchemaText } from '../../support/databases/schema.ts';

const CLI = join(import.meta.dirname, '../../../app/cli.ts');
const MAIN = join(import.meta.dirname, '../../../app/main.ts');
const logger = createLogger('silent', false);
const NAMES = Object.keys(migrations);

/** The rows of every table, as JSON, in order. */
type Rows = Map<string, Record<string, unknown>[]>;

async function readRows(db: Database): Promise<Rows> {
  const { rows: tables } = await sql<{ name: string }>`
    select tablename as name from pg_tables where schemaname = 'public' and tablename not like 'kysely%'
    order by 1`.execute(db);
  const all: Rows = new Map();
  for (const { name } of tables) {
    const { rows } = await sql<{ row: Record<string, unknown> }>`
      select to_jsonb(t) as row from ${sql.table(name)} t order by to_jsonb(t)::text`.execute(db);
    all.set(
      name,
      rows.map(({ row }) => row),
    );
  }
  return all;
}

const text = (value: unknown) => (typeof value === 'string' ? value : '');
const DISABLED = 'cecilia';

/** Tags of each item, by names, as the upgrade spells them. */
function taggings(rows: Rows): string[] {
  const spelled = (name: string) => name.replaceAll('❤️', '❤').replaceAll('❤', '❤️').replace('’', "'");
  const names = new Map((rows.get('tags') ?? []).map((tag) => [tag['id'], spelled(text(tag['name']))]));
  const all = (rows.get('media_tags') ?? []).map(
    (row) => `${text(row['media_id'])} ${names.get(row['tag_id'])}`,
  );
  return [...new Set(all)].sort();
}

const CODES: Record<string, string> = {
  'No thumbnail could be made.': 'thumbnail',
  'The words in the picture could not be read.': 'text',
  'The OCR model /app/models/fin.traineddata.gz is missing.': 'models',
  'The video cannot be turned into one that every browser plays.': 'conversion',
  // An unknown sentence gets the general code of its stage.
  'This picture is something else.': 'preview',
};
const codeOf = (failure: unknown) => (typeof failure === 'string' ? (CODES[failure] ?? failure) : null);

let fresh: SchemaText;
beforeAll(async () => {
  await using database = await createEmptyDatabase();
  const db = connect(database.url, logger, 1);
  await migrateToLatest(db);
  fresh = await readSchema(db);
  await db.destroy();
});

describe.each(STEPS)('a database at %s', (step) => {
  let database: Awaited<ReturnType<typeof createFormerDatabase>>;
  let db: Database;
  let before: Rows;
  let after: Rows;
  const had = (other: Step) => STEPS.indexOf(other) <= STEPS.indexOf(step);
  beforeAll(async () => {
    database = await createFormerDatabase(step);
    db = connect(database.url, logger, 2);
    before = await readRows(db);
    expect(await migrateToLatest(db)).toEqual(NAMES);
    after = await readRows(db);
  });
  afterAll(async () => {
    await db.destroy();
    await database[Symbol.asyncDispose]();
  });

  /** Expects each earlier row of a table, with its columns as `changed` returns them. */
  function expectKept(
    table: string,
    key: string,
    changed: (row: Record<string, unknown>) => Record<string, unknown> | null = (row) => row,
  ) {
    const found = new Map((after.get(table) ?? []).map((row) => [row[key], row]));
    const rows = before.get(table) ?? [];
    for (const row of rows) {
      const expected = changed(row);
      if (expected === null) expect(found.has(row[key])).toBe(false);
      else expect(found.get(row[key])).toMatchObject(expected);
    }
    expect(found.size).toBe(rows.filter((row) => changed(row) !== null).length);
  }

  it('gets the schema of an empty one', async () => {
    expect(await readSchema(db)).toEqual(fresh);
  });

  it('keeps users, settings and limits', () => {
    expect(before.get('users')?.length).toBeGreaterThanOrEqual(3);
    expectKept('users', 'id');
    for (const user of after.get('users') ?? []) expect(user['username_skeleton']).toBeTypeOf('string');
    if (before.has('settings')) {
      expectKept('settings', 'singleton');
      expectKept('rate_limits', 'key');
    } else expect(after.get('settings')).toHaveLength(1);
  });

  it('keeps sessions, invites and reset links, except those of a disabled user', () => {
    const users = new Map((before.get('users') ?? []).map((user) => [user['id'], user['username_key']]));
    const isEnded = (id: unknown) =>
      users.get(id) === DISABLED && !had('2026-11-29T2315-end-access-of-disabled-additive');
    expectKept('sessions', 'id', (row) => (isEnded(row['user_id']) ? null : row));
    if (!before.has('invites')) return;
    expectKept('password_resets', 'id', (row) => (isEnded(row['user_id']) ? null : row));
    expectKept('invites', 'id', (row) =>
      isEnded(row['created_by']) ? { ...row, revoked_at: expect.any(String) } : row,
    );
  });

  it('keeps items and stages, with failures as codes', () => {
    const stages = had('2026-11-24T0310-media-stages');
    expect(before.get('media')?.length).toBeGreaterThanOrEqual(5);
    expectKept('media', 'id', (row) => {
      const state = !stages && row['state'] === 'processing' ? 'ready' : row['state'];
      const changed: Record<string, unknown> = { ...row, failure: codeOf(row['failure']), state };
      delete changed['search'];
      return changed;
    });
    if (stages) {
      const key = (row: Record<string, unknown>) => `${text(row['media_id'])} ${text(row['stage'])}`;
      const converted = (before.get('media_stages') ?? []).map((row) => ({
        ...row,
        failure: codeOf(row['failure']),
      }));
      const found = new Map((after.get('media_stages') ?? []).map((row) => [key(row), row]));
      for (const row of converted) expect(found.get(key(row))).toEqual(row);
      expect(found.size).toBe(converted.length);
      return;
    }
    const states = (after.get('media_stages') ?? []).map(
      (row) => `${text(row['stage'])} ${text(row['state'])}`,
    );
    const items = before.get('media') ?? [];
    expect(states.filter((state) => state === 'thumbnail done')).toHaveLength(items.length);
    for (const [was, becomes] of [
      ['ready', 'done'],
      ['failed', 'failed'],
      ['processing', 'skipped'],
    ])
      expect(states.filter((state) => state === `text ${becomes}`)).toHaveLength(
        items.filter((item) => item['state'] === was).length,
      );
  });

  it('keeps the tags of each item, with one spelling of an emoji, and counts them', async () => {
    expect(taggings(after)).toEqual(taggings(before));
    const names = (after.get('tags') ?? []).map((tag) => text(tag['name']));
    expect(names).not.toContain('❤');
    const { rows } = await sql<{ name: string; uses: number; counted: number }>`
      select name, uses, (select count(*) from media_tags join media on media.id = media_id
        where tag_id = tags.id and deleted_at is null)::integer as counted from tags order by name`.execute(
      db,
    );
    for (const { name, uses, counted } of rows) expect(uses, name).toBe(counted);
  });

  it('finds every item, and indexes each anew', async () => {
    const found = async (lexeme: string) => {
      const { rows } = await sql<{ n: number }>`select count(*)::integer as n from media_search
        where terms @@ quote_literal(${lexeme})::tsquery`.execute(db);
      return rows[0]?.n;
    };
    const items = after.get('media') ?? [];
    expect(after.get('media_search')).toHaveLength(items.length);
    await backfillSearch(db, new AbortController().signal);
    expect(await db.selectFrom('search_backfill').select('after').execute()).toEqual([]);
    expect(await found('koira')).toBe(items.filter((item) => text(item['title']) !== '').length);
    for (const lexeme of ['~linjaauto', '%東京', '%🔥', 'cant', '~n'])
      expect(await found(lexeme), lexeme).toBeGreaterThan(0);
    const vocabulary = await db
      .selectFrom('search_words')
      .select('word')
      .where('word', '=', 'kissan')
      .execute();
    expect(vocabulary).not.toEqual([]);
  });
});

describe('the upgrade to the baseline', () => {
  it('keeps later migrations of a database that has all of the former ones', async () => {
    await using database = await createFormerDatabase(LAST_STEP);
    const db = connect(database.url, logger, 1);
    // The first later migration landed before the baseline did, so databases may have it already.
    const [, later = ''] = NAMES;
    const former = Object.fromEntries(STEPS.map((name) => [name, { up: async () => {} }]));
    const provider = {
      getMigrations: async () => ({ ...former, [later]: migrations[later] ?? { up: async () => {} } }),
    };
    const { error } = await db
      .transaction()
      .execute((trx) => new Migrator({ db: trx, provider }).migrateTo(later));
    expect(error).toBeUndefined();
    expect((await migrationStatus(db)).map(({ name }) => name)).toEqual([...STEPS, ...NAMES]);
    expect(await migrateToLatest(db)).toEqual(NAMES.filter((name) => name !== later));
    const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db);
    expect(rows.map(({ name }) => name)).toEqual(NAMES);
    expect(await readSchema(db)).toEqual(fresh);
    await db.destroy();
  });

  it('runs once when several processes start at the same time', async () => {
    await using database = await createFormerDatabase(FIRST_RELEASE);
    const processes = [1, 2, 3].map(() => connect(database.url, logger, 2));
    const applied = await Promise.all(processes.map((db) => migrateToLatest(db)));
    expect(applied.flat()).toEqual(NAMES);
    await Promise.all(processes.map((db) => db.destroy()));
  });

  it('leaves the database as it was when it is killed in the middle, and completes then', async () => {
    await using database = await createFormerDatabase(FIRST_RELEASE);
    const db = connect(database.url, logger, 2);
    const state = async () => [await readSchema(db), await readRows(db)];
    const before = await state();
    await db.transaction().execute(async (trx) => {
      // Blocks the last part of the upgrade, which changes this table.
      await sql`lock table users in access share mode`.execute(trx);
      const child = spawn(process.execPath, [CLI, 'migrate', 'up'], {
        env: { PATH: process.env['PATH'], DATABASE_URL: database.url, LOG_LEVEL: 'silent' },
        stdio: 'ignore',
      });
      const ended = once(child, 'exit');
      const waiting = async () => {
        const { rows } = await sql<{ n: number }>`
          select count(*) as n from pg_locks where not granted and relation = 'users'::regclass`.execute(trx);
        return rows[0]?.n;
      };
      await expect.poll(waiting, { interval: 20 }).toBe(1);
      child.kill('SIGKILL');
      expect((await ended)[1]).toBe('SIGKILL');
    });
    expect(await state()).toEqual(before);
    expect(await migrateToLatest(db)).toEqual(NAMES);
    expect(await readSchema(db)).toEqual(fresh);
    await db.destroy();
  });

  it('loses no row that a running older release writes meanwhile', async () => {
    await using database = await createFormerDatabase(LAST_STEP);
    const db = connect(database.url, logger, 3);
    const older = connect(database.url, logger, 2);
    const owner = await db.selectFrom('users').select('id').limit(1).executeTakeFirstOrThrow();
    let written = 0;
    const ends = new AbortController();
    const writing = (async () => {
      while (!ends.signal.aborted || written < 20) {
        const name = `meanwhile ${written}`;
        await inTransaction(older, async (trx) => {
          await sql`insert into media (id, owner_id, kind, mime, width, height, byte_size, sha256, title, state, object_key)
            values (gen_random_uuid(), ${owner.id}, 'image', 'image/png', 4, 3, 12, ${name}, ${name}, 'ready', ${name})`.execute(
            trx,
          );
          await sql`insert into media_tags select media.id, tags.id from media, tags
            where sha256 = ${name} and tags.name = 'koira'`.execute(trx);
          await sql`insert into media_stages (media_id, stage, state, failure)
            select id, 'text', 'failed', 'An older release writes sentences.' from media where sha256 = ${name}`.execute(
            trx,
          );
        });
        written++;
      }
    })();
    expect(await migrateToLatest(db)).toEqual(NAMES);
    ends.abort();
    await writing;
    const { rows } = await sql<{ items: number; indexed: number; uses: number; tagged: number }>`
      select count(*)::integer as items, count(s.media_id)::integer as indexed,
        (select uses from tags where name = 'koira') as uses,
        (select count(*)::integer from media_search where live and terms @@ '''#koira''') as tagged
      from media m left join media_search s on s.media_id = m.id and s.terms @@ 'meanwhile & #koira'
      where sha256 like 'meanwhile %'`.execute(db);
    expect(rows[0]).toMatchObject({ items: written, indexed: written });
    expect(rows[0]?.uses).toBe(rows[0]?.tagged);
    expect(await readSchema(db)).toEqual(fresh);
    await older.destroy();
    await db.destroy();
  });

  it('is not additive, so a release from before it refuses to start (decision 9)', () => {
    expect(BASELINE).not.toMatch(/-additive$/);
  });
});

describe('a data folder of a former release', () => {
  it.each([FIRST_RELEASE, LAST_STEP])('at %s is upgraded by the start of the app', async (step) => {
    const dataDir = await mkdtemp(join(tmpdir(), 'meemikansio-former-'));
    const directory = join(dataDir, 'postgres');
    const before = await startEmbeddedDatabase(directory, logger);
    await restoreStep(before.url, step);
    const items = await countItems(before.url);
    await before.stop();

    const server = await startServer({ dataDir });
    expect(await (await fetch(`${server.url}/api/ready`)).json()).toMatchObject({ ready: true });
    expect(server.output()).toContain(BASELINE);
    expect(await server.stop()).toBe(0);

    const after = await startEmbeddedDatabase(directory, logger);
    expect(await countItems(after.url)).toEqual(items);
    const db = connect(after.url, logger, 1);
    expect((await migrationStatus(db)).every(({ executedAt }) => executedAt)).toBe(true);
    await db.destroy();
    await after.stop();
    await rm(dataDir, { recursive: true });
  });
});

async function countItems(url: string): Promise<unknown> {
  const db = connect(url, logger, 1);
  const rows = await sql`select count(*) as items, count(distinct s.media_id) as indexed
    from media left join media_search s on s.media_id = media.id`.execute(db);
  await db.destroy();
  return rows.rows;
}

describe('an unknown database is refused with one sentence', () => {
  const [first, second, third] = STEPS;
  it.each<[string, string[], RegExp]>([
    [
      'a former migration is missing',
      [first, third],
      /has 2026-11-24T0300-search-and-tags, but not 2026-11-24T0245/,
    ],
    ['only later ones are there', [second], /has 2026-11-24T0245.*but not 2026-11-24T0200/],
    ['the baseline stands beside a former one', [...STEPS, BASELINE], /both 2026-11-30T0900-baseline and/],
    ['the baseline is missing', ['2999-01-01T0000-x-additive'], /has 2999.*but not 2026-11-30T0900-baseline/],
    [
      'a later one follows an incomplete history',
      [first, '2999-01-01T0000-x-additive'],
      /has 2999.*but not 2026-11-24T0245/,
    ],
  ])('when %s', (_, executed, message) => {
    expect(() => migrationNeed(executed)).toThrow(UnknownSchemaError);
    expect(() => migrationNeed(executed)).toThrow(message);
    expect(() => migrationNeed(executed)).toThrow(/restore a backup, or give the app an empty one/);
  });

  it('when a newer release made it', () => {
    expect(() => migrationNeed([...NAMES, '2999-01-01T0000-newer'])).toThrow(NewerSchemaError);
    expect(() => migrationNeed([first, '2999-01-01T0000-newer'])).toThrow(
      /does not know 2999-01-01T0000-newer/,
    );
  });

  it('when it has tables but no record of migrations, and leaves it alone', async () => {
    await using database = await createEmptyDatabase();
    const db = connect(database.url, logger, 1);
    await sql`create table users (name text)`.execute(db);
    await expect(migrateToLatest(db)).rejects.toThrow(
      'The database has tables (users), but no record of migrations. No release makes such a database: restore a backup, or give the app an empty one.',
    );
    const { columns } = await readSchema(db);
    expect(columns).toEqual(['users.name: text storage x']);
    await db.destroy();

    const env = { PATH: process.env['PATH'], DATABASE_URL: database.url, LOG_LEVEL: 'silent' };
    const sentence = /^The database has tables \(users\)[^\n]+an empty one\.\n$/;
    const command = spawnSync(process.execPath, [CLI, 'migrate', 'up'], { env, encoding: 'utf8' });
    expect([command.status, command.stderr]).toEqual([1, expect.stringMatching(sentence)]);
    const folder = await mkdtemp(join(tmpdir(), 'meemikansio-unknown-'));
    const folders = { DATA_DIR: folder, STATIC_DIR: folder };
    const app = spawnSync(process.execPath, [MAIN], {
      env: { ...env, ...folders, NODE_ENV: 'development', PORT: '0' },
      encoding: 'utf8',
    });
    expect([app.status, app.stderr]).toEqual([1, expect.stringMatching(sentence)]);
    await rm(folder, { recursive: true });
  });
});
