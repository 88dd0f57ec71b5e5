import { setTimeout as sleep } from 'node:timers/promises';
import { sql, type Kysely, type Transaction } from 'kysely';
import { DEFAULT_MIGRATION_TABLE, Migrator, type MigrationInfo } from 'kysely/migration';
import { lockMigrations } from './migration-lock.ts';
import { migrations } from '../../migrations/index.ts';

function migrator<DB>(db: Kysely<DB>): Migrator {
  return new Migrator({ db, provider: { getMigrations: async () => migrations } });
}

/**
 * Waits for the lock, then does the work in one transaction. Disables the statement timeout: both
 * may take longer than any request.
 */
function oneAtATime<DB, T>(db: Kysely<DB>, work: (trx: Transaction<DB>) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (trx) => {
    await sql`set local statement_timeout = 0`.execute(trx);
    await lockMigrations(trx);
    await sql`set local lock_timeout = ${sql.lit(LOCK_TIMEOUT_MS)}`.execute(trx);
    return work(trx);
  });
}

/**
 * `lock_timeout` for migrations. A queued lock request blocks every later query on the table, so a
 * migration may wait at most this long.
 */
const LOCK_TIMEOUT_MS = 2000;
const MAX_LOCK_TRIES = 60;
const LOCK_PAUSE_MS = 1000;
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Repeats the work, after a pause, while another session uses a table that it needs exclusively.
 */
async function givingWay<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const cause = error instanceof Error ? (error.cause ?? error) : error;
      const locked = cause instanceof Error && 'code' in cause && cause.code === LOCK_NOT_AVAILABLE;
      if (!locked || attempt === MAX_LOCK_TRIES) throw error;
      await sleep(LOCK_PAUSE_MS);
    }
  }
}

/** A newer release made the schema; this one cannot know it. */
export class NewerSchemaError extends Error {
  override readonly name = 'NewerSchemaError';

  constructor(unknown: readonly string[]) {
    super(
      `This release is older than the database: it does not know ${unknown.join(', ')}. Start the newer release again, or restore the backup from before it.`,
    );
  }
}

/**
 * Applies the missing migrations, one process at a time, all or nothing. Returns the applied names.
 * Throws the first failure. Takes one query when nothing is missing: every cold start calls it.
 *
 * Refuses a database that a newer release migrated further, with {@link NewerSchemaError}. The
 * exception: every newer migration's name ends in `-additive`. Older releases work beside such a
 * migration, so an older image can come back; the schema is left alone.
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

/** Returns every known migration; `executedAt` is unset for those still to come. */
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
