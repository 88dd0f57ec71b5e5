import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { describe, expect, it } from 'vitest';
import { connect } from '../../../app/db/client.ts';
import { migrateToLatest } from '../../../app/db/migrate.ts';
import { createLogger } from '../../../app/logger.ts';
import { migrations } from '../../../migrations/index.ts';
import { createEmptyDatabase } from '../../support/databases/database.ts';
import {
  afterFirstRelease,
  migrateToFirstRelease,
  seedFirstRelease,
  watchMigration,
} from '../../support/databases/migration-locks.ts';

const logger = createLogger('silent', false);

/**
 * A thirtieth of a million items, and a quarter of the limit of two seconds. A migration that
 * exceeds this is far beyond the real limit. `npm run bench -- migrations` measures a million
 * items.
 */
const ITEMS = 30_000;
const LIMIT_MS = 500;

describe('a migration', () => {
  it(
    'keeps others from a large table only for a moment, each of them',
    // Takes seconds alone. A busy machine may stretch them; the test then runs once more.
    { retry: 1 },
    async () => {
      await using database = await createEmptyDatabase();
      await seedFirstRelease(database.url, migrations, ITEMS);
      const all: Record<string, Migration> = { ...migrations, ...careful, ...careless };
      const names = [...afterFirstRelease(migrations), ...Object.keys(careful)];
      for (const name of names) {
        const { locks } = await watchMigration(database.url, all, name);
        expect(
          locks.filter(({ ms }) => ms > LIMIT_MS),
          name,
        ).toEqual([]);
      }
      // Positive control: the watch detects a migration that holds its lock for too long.
      const { locks } = await watchMigration(database.url, all, '9999-01-02T0000-careless');
      expect(locks.filter(({ ms }) => ms > LIMIT_MS)).toMatchObject([
        { table: 'media', mode: 'AccessExclusiveLock' },
      ]);
    },
  );

  it('gives way to whoever uses a table, and comes back', async () => {
    await using database = await createEmptyDatabase();
    await migrateToFirstRelease(database.url, migrations);
    const db = connect(database.url, logger, 3);
    let migrating: Promise<string[]> | undefined;
    await db.transaction().execute(async (trx) => {
      // A long report, for example. The next migration changes this table.
      await sql`lock table users in access share mode`.execute(trx);
      migrating = migrateToLatest(db);
      const waiting = async () => {
        const { rows } = await sql<{ n: number }>`
          select count(*) as n from pg_locks where not granted and relation = 'users'::regclass`.execute(trx);
        return rows[0]?.n;
      };
      await expect.poll(waiting, { interval: 20 }).toBe(1);
      // A waiting lock request would make other queries queue behind it.
      await expect.poll(waiting, { interval: 20 }).toBe(0);
    });
    expect(await migrating).toEqual(afterFirstRelease(migrations));
    await db.destroy();
  });
});

/** Does long work first, then takes a lock for a moment. */
const careful: Record<string, Migration> = {
  '9999-01-01T0000-careful': {
    async up(db: Kysely<unknown>) {
      await sql`select count(*), pg_sleep(0.7) from media`.execute(db);
      await db.schema.alterTable('media').addColumn('colour', 'text').execute();
    },
  },
};

/** Takes the lock first, then does long work under it. */
const careless: Record<string, Migration> = {
  '9999-01-02T0000-careless': {
    async up(db: Kysely<unknown>) {
      await db.schema.alterTable('media').addColumn('shape', 'text').execute();
      await sql`select count(*), pg_sleep(0.7) from media`.execute(db);
    },
  },
};
