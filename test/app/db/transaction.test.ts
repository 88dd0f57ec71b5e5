import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Hono } from 'hono';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connect, type Database } from '../../../app/db/client.ts';
import { inTransaction, MAX_TRIES } from '../../../app/db/transaction.ts';
import type { AppEnv } from '../../../app/http/env.ts';
import { renderError } from '../../../app/http/errors.ts';
import { requestLog } from '../../../app/http/request-log.ts';
import { createLogger } from '../../../app/logger.ts';
import { createTestDatabase, type TestDatabase } from '../../support/databases/database.ts';
import { outcome } from '../../support/errors.ts';
import { meeting } from '../../support/meeting.ts';

const logger = createLogger('silent', false);
let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  db = connect(database.url, logger, 4);
});
afterAll(async () => {
  await db.destroy();
  await database[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await sql`drop table if exists purses`.execute(db);
  await sql`create table purses (id integer primary key, coins integer not null)`.execute(db);
  await sql`insert into purses values (1, 0), (2, 0)`.execute(db);
});

const coins = async () =>
  (await sql<{ coins: number }>`select coins from purses order by id`.execute(db)).rows.map(
    (row) => row.coins,
  );

describe('a transaction', () => {
  it('is run again after a deadlock, and both that met are done once', async () => {
    const crossing = meeting(2);
    let runs = 0;
    const give = (first: number, second: number) => {
      let met = false;
      return inTransaction(db, async (trx) => {
        runs += 1;
        await sql`update purses set coins = coins + 1 where id = ${first}`.execute(trx);
        if (!met) await crossing();
        met = true;
        await sql`update purses set coins = coins + 1 where id = ${second}`.execute(trx);
        return first;
      });
    };
    expect(await Promise.all([give(1, 2), give(2, 1)])).toEqual([1, 2]);
    // On a busy machine PostgreSQL may end both, and the next tries may meet again.
    expect(runs).toBeGreaterThan(2);
    expect(await coins()).toEqual([2, 2]);
  });

  it('is run again after a serialization failure', async () => {
    const reading = meeting(2);
    let runs = 0;
    const add = () => {
      let met = false;
      return inTransaction(db, async (trx) => {
        runs += 1;
        await sql`set transaction isolation level repeatable read`.execute(trx);
        await sql`select coins from purses`.execute(trx);
        if (!met) await reading();
        met = true;
        await sql`update purses set coins = coins + 1 where id = 1`.execute(trx);
      });
    };
    await Promise.all([add(), add()]);
    expect(runs).toBe(3);
    expect(await coins()).toEqual([2, 0]);
  });

  it('is given up after its last try, which the API answers with 503', async () => {
    let runs = 0;
    const hopeless = () =>
      inTransaction(db, async (trx) => {
        runs += 1;
        await sql`update purses set coins = coins + 1`.execute(trx);
        await sql`do $$ begin raise exception 'in the way' using errcode = '40P01'; end $$`.execute(trx);
      });
    const app = new Hono<AppEnv>()
      .onError(renderError)
      .use(requestLog(logger))
      .get('/', async (c) => {
        await hopeless();
        return c.body(null, 204);
      });
    const response = await app.request('/');
    expect(response.headers.get('retry-after')).toBe('2');
    expect(await outcome(response)).toBe('503 unavailable');
    expect(runs).toBe(MAX_TRIES);
    expect(await coins()).toEqual([0, 0]);
  });

  it.each([
    ['a rule of the database', 'insert into purses values (1, 1)'],
    ['a broken connection', 'select pg_terminate_backend(pg_backend_pid())'],
  ])('is not run again after %s', async (_what, statement) => {
    let runs = 0;
    const work = inTransaction(db, async (trx) => {
      runs += 1;
      await sql.raw(statement).execute(trx);
    });
    await expect(work).rejects.toThrow();
    expect(runs).toBe(1);
  });
});

it('of the app comes from one module, which runs it again', async () => {
  const app = join(import.meta.dirname, '../../../app');
  const files = await readdir(app, { recursive: true });
  const opening: string[] = [];
  for (const file of files.filter((name) => name.endsWith('.ts')))
    if (/\.(transaction|startTransaction)\(\)/.test(await readFile(join(app, file), 'utf8')))
      opening.push(file);
  // Migrations have a separate lock and timeout.
  expect(opening.toSorted()).toEqual(['db/migrate.ts', 'db/transaction.ts']);
});
