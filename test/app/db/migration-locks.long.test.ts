import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { describe, expect, it } from 'vitest';
import { connect } from '../../../app/db/client.ts';
import { migrateToLatest } from '../../../app/db/migrate.ts';
import { createLogger } from '../../../app/logger.ts';
import { migrations } from '../../../migrations/index.ts';
import { createEmptyDatabase } from '../../support/databases/database.ts';
import { createFormerDatabase, FIRST_RELEASE } from '../../support/databases/former-steps.ts';
import { migrationWork, seedFirstRelease } from '../../support/databases/migration-locks.ts';
import { rowsUnderLocks } from '../../support/databases/rows-under-locks.ts';

const logger = createLogger('silent', false);

const ITEMS = 30_000;
/**
 * Work that a migration may do under a lock: read the largest table once, and write few rows. With
 * a million items the read takes half a second. `npm run bench -- migrations` measures the seconds.
 */
const MAX_READ = ITEMS * 1.2;
const MAX_WRITTEN = ITEMS / 10;

describe('a migration', () => {
  it('does not work through a large table while it keeps others from a table', async () => {
    await using database = await createEmptyDatabase();
    await seedFirstRelease(database.url, ITEMS);
    const all: Record<string, Migration> = { ...migrations, ...careful, ...careless };
    const tooMuch = async (name: string) =>
      (await rowsUnderLocks(database.url, migrationWork(all, name))).filter(
        ({ read, written }) => read > MAX_READ || written > MAX_WRITTEN,
      );
    // The first one is the upgrade to the baseline.
    for (const name of [...Object.keys(migrations), ...Object.keys(careful)])
      expect(await tooMuch(name), name).toEqual([]);
    // Positive controls: the count sees reads, writes and a rewritten table under a lock.
    for (const name of Object.keys(careless))
      expect(await tooMuch(name), name).toContainEqual(
        expect.objectContaining({ table: 'media', mode: 'AccessExclusiveLock' }),
      );
  });

  it('gives way to whoever uses a table, and comes back', async () => {
    await using database = await createFormerDatabase(FIRST_RELEASE);
    const db = connect(database.url, logger, 3);
    let migrating: Promise<string[]> | undefined;
    await db.transaction().execute(async (trx) => {
      // A long report, for example. The upgrade changes this table.
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
    expect(await migrating).toEqual(Object.keys(migrations));
    await db.destroy();
  });
});

/** Reads a whole table first, then takes a lock for a moment. */
const careful: Record<string, Migration> = {
  '9999-01-01T0000-careful': {
    async up(db: Kysely<unknown>) {
      await sql`select count(title) from media`.execute(db);
      await db.schema.alterTable('media').addColumn('colour', 'text').execute();
    },
  },
};

/** Take the lock first, then work through the table under it. */
const careless: Record<string, Migration> = {
  '9999-01-02T0000-careless-read': {
    async up(db: Kysely<unknown>) {
      await db.schema.alterTable('media').addColumn('shape', 'text').execute();
      await sql`select count(title) from media`.execute(db);
      await sql`select count(title) from media`.execute(db);
    },
  },
  '9999-01-03T0000-careless-write': {
    async up(db: Kysely<unknown>) {
      await db.schema.alterTable('media').addColumn('size', 'text').execute();
      await sql`update media set size = 'small'`.execute(db);
    },
  },
  '9999-01-04T0000-careless-rewrite': {
    async up(db: Kysely<unknown>) {
      await sql`alter table media alter column byte_size type numeric`.execute(db);
    },
  },
};
