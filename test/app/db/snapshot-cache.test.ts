import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cacheBySnapshot } from '../../../app/db/snapshot-cache.ts';
import { createTestDatabase, type TestDatabase } from '../../support/databases/database.ts';
import { randomFrom } from '../../support/media/random.ts';
import { openClient } from '../../support/databases/connections.ts';

const FOREVER = { maxSize: 10, maxAgeMs: 1_000_000 };

let database: TestDatabase;
let reader: Client;
const writers: Client[] = [];

const open = () => openClient(database.url);

beforeAll(async () => {
  database = await createTestDatabase();
  reader = await open();
  await reader.query('create table amounts (amount integer not null); insert into amounts values (1)');
  for (let i = 0; i < 3; i++) writers.push(await open());
});
afterAll(async () => {
  for (const client of [reader, ...writers]) await client.end();
  await database[Symbol.asyncDispose]();
});

/** Reads the value in the table and the snapshot it was read at. */
async function look(): Promise<{ value: number; snapshot: string }> {
  const { rows } = await reader.query<{ value: number; snapshot: string }>(
    'select sum(amount)::integer as value, pg_current_snapshot()::text as snapshot from amounts',
  );
  const [row] = rows;
  if (!row) throw new Error('A sum is one row.');
  return row;
}

describe('what is kept by snapshot', () => {
  it.each([1, 2, 3, 4, 5])(
    'is what reading would give, whatever transactions begin, write and end in between (seed %i)',
    async (seed) => {
      const random = randomFrom(seed);
      let reads = 0;
      const kept = cacheBySnapshot(async () => {
        reads++;
        return look();
      }, FOREVER);
      const steps = ['begin', 'insert into amounts values (1)', 'savepoint here', 'commit', 'rollback'];
      const checks = 200;
      for (let i = 0; i < checks; i++) {
        const writer = writers[random(writers.length)];
        // Some steps fail at their place. The behaviour of a failed transaction is part of the
        // test.
        await writer?.query(steps[random(steps.length)] ?? '').catch(() => undefined);
        const now = await look();
        expect(await kept('sum', now.snapshot)).toBe(now.value);
      }
      for (const writer of writers) await writer.query('rollback');
      expect(reads).toBeLessThan(checks);
    },
  );

  it('is read once for each key, and not again while nothing changes', async () => {
    const read: string[] = [];
    const kept = cacheBySnapshot(async (key) => {
      read.push(key);
      return { value: key, snapshot: '7:7:' };
    }, FOREVER);
    for (const key of ['a', 'b', 'a', 'b', 'a']) expect(await kept(key, '7:7:')).toBe(key);
    expect(read).toEqual(['a', 'b']);
    await kept('a', '7:8:');
    await kept('a', null);
    expect(read).toEqual(['a', 'b', 'a', 'a']);
  });

  it.each([
    ['was read under an unknown snapshot', null, FOREVER],
    ['is older than it may be', '7:7:', { maxSize: 10, maxAgeMs: 0 }],
    ['was asked for longer ago than as many others as are kept', '7:7:', { maxSize: 1, maxAgeMs: 1_000_000 }],
  ])('is read again where it %s', async (_, snapshot, options) => {
    let reads = 0;
    const kept = cacheBySnapshot(async () => ({ value: ++reads, snapshot }), options);
    await kept('a', '7:7:');
    await kept('b', '7:7:');
    expect(await kept('a', '7:7:')).toBe(3);
  });
});
