import { PostgresAdapter, PostgresDialect, sql, type Kysely } from 'kysely';

/** The same for every release that will ever migrate this database; otherwise of no meaning. */
const LOCK = 7_205_759_403_792_794n;

/**
 * Waits until no other process migrates; held until the transaction of `trx` ends. A lock of the session, which is what
 * Kysely takes by itself, belongs to whichever server connection a pooler in transaction mode lends for that one statement
 * and so holds nobody back.
 */
export async function lockMigrations<DB>(trx: Kysely<DB>): Promise<void> {
  await sql`select pg_advisory_xact_lock(${sql.lit(LOCK)})`.execute(trx);
}

class TransactionLockAdapter extends PostgresAdapter {
  override acquireMigrationLock<DB>(trx: Kysely<DB>): Promise<void> {
    return lockMigrations(trx);
  }

  override async releaseMigrationLock(): Promise<void> {
    // The end of the transaction does it.
  }
}

/** PostgreSQL, with migrations locked as above: Kysely's migrator works with it only inside a transaction. */
export class TransactionLockDialect extends PostgresDialect {
  override createAdapter(): PostgresAdapter {
    return new TransactionLockAdapter();
  }
}
