import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { expect, it } from 'vitest';
import { connect } from '../../../app/db/client.ts';
import { migrateToLatest, migrationStatus } from '../../../app/db/migrate.ts';
import { createLogger } from '../../../app/logger.ts';
import { FUNCTIONS, TRIGGERS } from '../../../migrations/baseline/functions.ts';
import { migrations } from '../../../migrations/index.ts';
import { openPool } from '../../support/databases/connections.ts';
import { createEmptyDatabase, createTestDatabase } from '../../support/databases/database.ts';

const FOLDER = join(import.meta.dirname, '../../../migrations');
const logger = createLogger('silent', false);

const migrationFiles = async () =>
  (await readdir(FOLDER)).filter((name) => name.endsWith('.ts') && name !== 'index.ts');

it('are all listed, dated and in order', async () => {
  const files = (await migrationFiles()).map((name) => name.replace(/\.ts$/, ''));
  expect(Object.keys(migrations)).toEqual(files.toSorted());
  for (const name of files) expect(name).toMatch(/^\d{4}-\d\d-\d\dT\d{4}-[a-z0-9-]+$/);
});

it('import nothing but kysely, what lies beside them, and the SQL that is frozen by its hash', async () => {
  for (const name of await readdir(FOLDER, { recursive: true })) {
    if (!name.endsWith('.ts')) continue;
    const imports = [...(await readFile(join(FOLDER, name), 'utf8')).matchAll(/from '([^']+)'/g)].map(
      ([, from]) => from ?? '',
    );
    const allowed =
      /^(kysely(\/migration)?|\.\.?\/(baseline\/|sql\/)?[\w-]+\.ts|\.\.\/\.\.\/app\/search\/sql\/index\.ts)$/;
    expect(
      imports.filter((from) => !allowed.test(from)),
      name,
    ).toEqual([]);
  }
});

it('make what they made when they landed', () => {
  // Never change a hash. If it differs, freeze the former text: docs/database-changes.md.
  const hashOf = (statements: readonly string[]) =>
    createHash('sha256').update(statements.join(';')).digest('hex').slice(0, 16);
  expect({ functions: hashOf(FUNCTIONS), triggers: hashOf(TRIGGERS) }).toEqual({
    functions: 'cb5579b092abc917',
    triggers: '600460312dd19492',
  });
});

it('apply once when several processes start at the same time, and not again', async () => {
  await using database = await createEmptyDatabase();
  const processes = [1, 2, 3].map(() => connect(database.url, logger, 2));
  const applied = await Promise.all(processes.map((db) => migrateToLatest(db)));
  expect(applied.flat()).toEqual(Object.keys(migrations));
  const [db] = processes;
  expect(db && (await migrateToLatest(db))).toEqual([]);
  const status = db ? await migrationStatus(db) : [];
  expect(status.every((migration) => migration.executedAt)).toBe(true);
  await Promise.all(processes.map((each) => each.destroy()));
});

it('refuse a database that a newer release has migrated further, with what to do', async () => {
  await using database = await createTestDatabase();
  const db = connect(database.url, logger, 1);
  await sql`insert into kysely_migration (name, timestamp) values ('2999-01-01T0000-future', '2999')`.execute(
    db,
  );
  await expect(migrateToLatest(db)).rejects.toThrow(
    /older than the database.*2999-01-01T0000-future.*Start the newer release/,
  );
  await db.destroy();
});

it('leave a database alone that a newer release has only added to', async () => {
  await using database = await createTestDatabase();
  const db = connect(database.url, logger, 1);
  await sql`insert into kysely_migration (name, timestamp) values ('2999-01-01T0000-future-additive', '2999')`.execute(
    db,
  );
  expect(await migrateToLatest(db)).toEqual([]);
  await db.destroy();
});

it('cost one query when there is nothing to do', async () => {
  await using database = await createTestDatabase();
  const queries: string[] = [];
  const db = new Kysely({
    dialect: new PostgresDialect({ pool: openPool(database.url, { max: 1 }) }),
    log: (event) => void queries.push(event.query.sql),
  });
  await migrateToLatest(db);
  expect(queries).toEqual(['select name from "kysely_migration"']);
  await db.destroy();
});

it('may take longer than any request', async () => {
  await using database = await createEmptyDatabase();
  const db = new Kysely<unknown>({
    dialect: new PostgresDialect({
      pool: openPool(database.url, { options: '-c statement_timeout=20ms' }),
    }),
  });
  await expect(sql`select pg_sleep(0.1)`.execute(db)).rejects.toThrow(/statement timeout/);
  expect(await migrateToLatest(db)).toEqual(Object.keys(migrations));
  await db.destroy();
});
