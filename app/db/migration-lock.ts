import { PostgresAdapter, PostgresDialect, sql, type Kysely } from 'kysely';

/** Identifies the lock. Every release that migrates this database must use the same number. */
const LOCK = 7_205_759_403_792_794n;

/**
 * Waits until no other process migrates. Holds the lock until the transaction of `trx` ends.
 *
 * Kysely takes a session lock by default. A pooler in transaction mode lends a server connection
 * for one statement only. A session lock there holds nobody back.
 */
export async function lockMigrations<DB>(trx: Kysely<DB>): Promise<void> {
  await sql`select pg_advisory_xact_lock(${sql.lit(LOCK)})`.execute(trx);
}

class TransactionLockAdapter extends PostgresAdapter {
  override acquireMigrationLock<DB>(trx: Kysely<DB>): Promise<void> {
    return lockMigrations(trx);
  }

  override async releaseMigrationLock(): Promise<void> {
    // The end of the transaction releases the lock.
  }
}

/**
 * A PostgreSQL dialect that locks migrations as above. Kysely's migrator needs a transaction with
 * it.
 */
export class TransactionLockDialect extends PostgresDialect {
  override createAdapter(): PostgresAdapter {
    return new TransactionLockAdapter();
  }
}
