import { setTimeout as sleep } from 'node:timers/promises';
import { sql, type Kysely, type Transaction } from 'kysely';
import { DEFAULT_MIGRATION_TABLE, Migrator, type MigrationResultSet } from 'kysely/migration';
import { BASELINE } from '../../migrations/before-baseline/steps.ts';
import { upgradeToBaseline } from '../../migrations/before-baseline/upgrade.ts';
import { migrations } from '../../migrations/index.ts';
import { migrationNeed, NewerSchemaError, UnknownSchemaError } from './migration-history.ts';
import { lockMigrations } from './migration-lock.ts';

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
/** SQLSTATEs of a lock that was not granted in time, and of a deadlock that another session won. */
const LOCK_CONFLICTS = new Set<unknown>(['55P03', '40P01']);

/**
 * Repeats the work, after a pause, while another session uses a table that it needs exclusively.
 */
async function givingWay<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const cause = error instanceof Error ? (error.cause ?? error) : error;
      const locked = cause instanceof Error && 'code' in cause && LOCK_CONFLICTS.has(cause.code);
      if (!locked || attempt === MAX_LOCK_TRIES) throw error;
      await sleep(LOCK_PAUSE_MS);
    }
  }
}

/**
 * Applies the missing migrations, one process at a time, all or nothing. Returns the applied names.
 * Throws the first failure. Takes one query when nothing is missing: every cold start calls it.
 *
 * A database at a step before the baseline is first brought to the baseline. Any other unknown
 * database is refused, see {@link migrationNeed}. The exception: every unknown migration's name
 * ends in `-additive`. Older releases work beside such a migration, so an older image can come
 * back; the schema is left alone.
 */
export async function migrateToLatest<DB>(db: Kysely<DB>): Promise<string[]> {
  if (migrationNeed(await executedMigrations(db)).upToDate) return [];
  const migrate = async (trx: Transaction<DB>) => {
    const applied = await bringToBaseline(trx);
    return [...applied, ...(await succeed(migrator(trx).migrateToLatest()))];
  };
  return givingWay(() => oneAtATime(db, migrate));
}

/**
 * Upgrades a database that is at a step before the baseline, and records the baseline instead.
 * Returns the applied names.
 */
export async function bringToBaseline<DB>(trx: Transaction<DB>): Promise<string[]> {
  const executed = await executedMigrations(trx);
  const { steps } = migrationNeed(executed);
  if (executed.length === 0) await refuseForeignTables(trx);
  if (steps.size === 0) return [];
  await upgradeToBaseline(trx, steps);
  const table = sql.table(DEFAULT_MIGRATION_TABLE);
  // The time of the last step: Kysely expects later migrations to have later times.
  await sql`
    with replaced as (delete from ${table} where name in (${sql.join([...steps])}) returning timestamp)
    insert into ${table} (name, timestamp) select ${BASELINE}, max(timestamp) from replaced`.execute(trx);
  return [BASELINE];
}

/**
 * Makes the schema of exactly these migrations, lets `fill` write its rows, and applies the later
 * migrations. All of it is one transaction under the lock of migrations. The rows of
 * the database are lost, so `before` refuses those that matter.
 *
 * @throws NewerSchemaError for migrations that this release does not know, UnknownSchemaError for a
 *   list that no release makes
 */
export async function rebuildSchema<DB>(
  db: Kysely<DB>,
  names: readonly string[],
  work: Record<'before' | 'fill' | 'after', (trx: Transaction<DB>) => Promise<void>>,
): Promise<void> {
  const known = Object.keys(migrations);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new NewerSchemaError(unknown);
  const last = known[names.length - 1];
  if (last === undefined || names.some((name, i) => name !== known[i]))
    throw new UnknownSchemaError(`The backup has ${names.at(-1)}, but not every migration before it.`);
  await oneAtATime(db, async (trx) => {
    await work.before(trx);
    await bringToBaseline(trx);
    await succeed(migrator(trx).migrateTo(last));
    await work.fill(trx);
    await succeed(migrator(trx).migrateToLatest());
    await work.after(trx);
  });
}

async function succeed(migration: Promise<MigrationResultSet>): Promise<string[]> {
  const { error, results = [] } = await migration;
  if (error === undefined) return results.map((result) => result.migrationName);
  const failed = results.find((result) => result.status === 'Error');
  throw new Error(`Migration ${failed?.migrationName ?? ''} failed`, { cause: error });
}

/** Tables that the first release had, too. */
const FIRST_TABLES = ['users', 'sessions', 'media'];

async function refuseForeignTables<DB>(trx: Transaction<DB>): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select tablename as name from pg_tables
    where schemaname = current_schema() and tablename in (${sql.join(FIRST_TABLES)})`.execute(trx);
  if (rows.length > 0)
    throw new UnknownSchemaError(
      `The database has tables (${rows.map(({ name }) => name).join(', ')}), but no record of migrations.`,
    );
}

/**
 * Returns every known migration; `executedAt` is unset for those still to come. The steps before
 * the baseline that a database has come first.
 */
export async function migrationStatus<DB>(
  db: Kysely<DB>,
): Promise<readonly { name: string; executedAt?: Date | undefined }[]> {
  const all = await migrator(db).getMigrations();
  const { steps } = migrationNeed(await executedMigrations(db));
  if (steps.size === 0) return all;
  const { rows } = await sql<{ name: string; timestamp: string }>`
    select name, timestamp from ${sql.table(DEFAULT_MIGRATION_TABLE)}
    where name in (${sql.join([...steps])}) order by name`.execute(db);
  return [...rows.map(({ name, timestamp }) => ({ name, executedAt: new Date(timestamp) })), ...all];
}

const UNDEFINED_TABLE = '42P01';

/** Reads the names of the database's migrations; none from a database without the table. */
async function executedMigrations<DB>(db: Kysely<DB>): Promise<string[]> {
  const table = sql.table(DEFAULT_MIGRATION_TABLE);
  // A failed statement would end the transaction.
  if (db.isTransaction) {
    const { rows } = await sql<{ known: boolean }>`
      select to_regclass(${DEFAULT_MIGRATION_TABLE}) is not null as known`.execute(db);
    if (!rows[0]?.known) return [];
  }
  try {
    const { rows } = await sql<{ name: string }>`select name from ${table}`.execute(db);
    return rows.map(({ name }) => name);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === UNDEFINED_TABLE) return [];
    throw error;
  }
}
