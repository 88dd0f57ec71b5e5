import { setTimeout as sleep } from 'node:timers/promises';
import { sql, type Kysely, type Transaction } from 'kysely';
import { DEFAULT_MIGRATION_TABLE, Migrator, type MigrationInfo } from 'kysely/migration';
import { lockMigrations } from './migration-lock.ts';
import { migrations } from '../../migrations/index.ts';

function migrator<DB>(db: Kysely<DB>): Migrator {
  return new Migrator({ db, provider: { getMigrations: async () => migrations } });
}

/**
 * Waits for its turn, then does the work in one transaction. Both may take longer than any request may: no statement
 * timeout.
 */
function oneAtATime<DB, T>(db: Kysely<DB>, work: (trx: Transaction<DB>) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (trx) => {
    await sql`set local statement_timeout = 0`.execute(trx);
    await lockMigrations(trx);
    await sql`set local lock_timeout = ${sql.lit(LOCK_PATIENCE_MS)}`.execute(trx);
    return work(trx);
  });
}

/** Whoever comes after a lock that is waited for waits behind it: this long may a migration stand in the way by waiting. */
const LOCK_PATIENCE_MS = 2000;
const LOCK_TRIES = 60;
const LOCK_PAUSE_MS = 1000;
const LOCK_NOT_AVAILABLE = '55P03';

/** Does it again, after giving way for a moment, when somebody uses a table that it must have for itself. */
async function givingWay<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const cause = error instanceof Error ? (error.cause ?? error) : error;
      const locked = cause instanceof Error && 'code' in cause && cause.code === LOCK_NOT_AVAILABLE;
      if (!locked || attempt === LOCK_TRIES) throw error;
      await sleep(LOCK_PAUSE_MS);
    }
  }
}

/** The schema is of a release that this one cannot know. */
export class NewerSchemaError extends Error {
  override readonly name = 'NewerSchemaError';

  constructor(unknown: readonly string[]) {
    super(
      `This release is older than the database: it does not know ${unknown.join(', ')}. Start the newer release again, or restore the backup from before it.`,
    );
  }
}

/**
 * Applies what is missing, one process at a time; all or nothing. Returns the names applied. Throws the first failure. When
 * nothing is missing, that took one query: every cold start comes through here.
 *
 * A database that a newer release has migrated further is refused with {@link NewerSchemaError}, unless every one of its
 * migrations says by a name that ends in `-additive` that older releases can go on beside it: then the older image can be
 * brought back, and the schema is left alone.
 */
export async function migrateToLatest<DB>(db: Kysely<DB>): Promise<string[]> {
  if (await upToDate(db)) return [];
  const migrate = async (trx: Transaction<DB>) => {
    const { error, results = [] } = await migrator(trx).migrateToLatest();
    if (error) {
      const failed = results.find((result) => result.status === 'Error');
      throw new Error(`Migration ${failed?.migrationName ?? ''} failed`, { cause: error });
    }
    return results.map((result) => result.migrationName);
  };
  return givingWay(() => oneAtATime(db, migrate));
}

/** Every known migration; `executedAt` is unset for those still to come. */
export function migrationStatus<DB>(db: Kysely<DB>): Promise<readonly MigrationInfo[]> {
  return migrator(db).getMigrations();
}

const UNDEFINED_TABLE = '42P01';

async function upToDate<DB>(db: Kysely<DB>): Promise<boolean> {
  try {
    const { rows } = await sql<{
      name: string;
    }>`select name from ${sql.table(DEFAULT_MIGRATION_TABLE)}`.execute(db);
    const executed = new Set(rows.map(({ name }) => name));
    const strange = [...executed].filter(
      (name) => !Object.hasOwn(migrations, name) && !name.endsWith('-additive'),
    );
    if (strange.length > 0) throw new NewerSchemaError(strange);
    return Object.keys(migrations).every((name) => executed.has(name));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === UNDEFINED_TABLE) return false;
    throw error;
  }
}
