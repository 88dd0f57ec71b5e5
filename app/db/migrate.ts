import type { Kysely } from 'kysely';
import { Migrator, type MigrationInfo } from 'kysely/migration';
import { migrations } from '../../migrations/index.ts';

// Kysely takes its lock (an advisory lock of the transaction on PostgreSQL) before it looks, so two processes that start at
// once apply each migration once.
function migrator<DB>(db: Kysely<DB>): Migrator {
  return new Migrator({ db, provider: { getMigrations: async () => migrations } });
}

/** Applies what is missing, under Kysely's lock; all or nothing. Returns the names applied. Throws the first failure. */
export async function migrateToLatest<DB>(db: Kysely<DB>): Promise<string[]> {
  const { error, results = [] } = await migrator(db).migrateToLatest();
  if (error) {
    const failed = results.find((result) => result.status === 'Error');
    throw new Error(`Migration ${failed?.migrationName ?? ''} failed`, { cause: error });
  }
  return results.map((result) => result.migrationName);
}

/** Every known migration; `executedAt` is unset for those still to come. */
export function migrationStatus<DB>(db: Kysely<DB>): Promise<readonly MigrationInfo[]> {
  return migrator(db).getMigrations();
}
