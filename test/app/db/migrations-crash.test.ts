import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { connect } from '../../../app/db/client.ts';
import { migrateToLatest } from '../../../app/db/migrate.ts';
import { createLogger } from '../../../app/logger.ts';
import { migrations } from '../../../migrations/index.ts';
import { createEmptyDatabase } from '../../support/databases/database.ts';

const CLI = join(import.meta.dirname, '../../../app/cli.ts');

it('a migration killed in the middle leaves the schema as it was, and the next run completes it', async () => {
  await using database = await createEmptyDatabase();
  const db = connect(database.url, createLogger('silent', false), 2);
  // Blocks the first statement that makes a type, so that the kill comes in the middle.
  const held = db.transaction().execute(async (trx) => {
    await sql`lock table pg_catalog.pg_type in share row exclusive mode`.execute(trx);
    const child = spawn(process.execPath, [CLI, 'migrate', 'up'], {
      env: { PATH: process.env['PATH'], DATABASE_URL: database.url, LOG_LEVEL: 'silent' },
      stdio: 'ignore',
    });
    const ended = once(child, 'exit');
    const waiting = async () => {
      const { rows } = await sql<{
        count: number;
      }>`select count(*) as count from pg_locks where not granted`.execute(trx);
      return rows[0]?.count;
    };
    await expect.poll(waiting).toBe(1);
    child.kill('SIGKILL');
    const [, signal] = await ended;
    expect(signal).toBe('SIGKILL');
  });
  await held;
  const { rows } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
    where table_schema = 'public' and table_name not like 'kysely%'`.execute(db);
  expect(rows).toEqual([]);
  expect(await migrateToLatest(db)).toEqual(Object.keys(migrations));
  await db.destroy();
});
