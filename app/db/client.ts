import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import { Pool, types as pgTypes, type CustomTypesConfig } from 'pg';
import type { Logger } from 'pino';
import type { DB } from './schema.gen.ts';

export type Database = Kysely<DB>;
export type Trx = Transaction<DB>;

/** bigint arrives as a string by default; our sizes and counts stay far below 2^53. */
const types: CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    oid === pgTypes.builtins.INT8 ? Number : pgTypes.getTypeParser(oid, format),
};

/**
 * A Kysely on a pool of at most `max` connections (rented databases allow few). An idle connection that breaks is
 * logged and replaced by the pool; without the listener it would end the process.
 */
export function connect(url: string, logger: Logger, max = 10): Database {
  const pool = new Pool({
    connectionString: url,
    max,
    types,
    application_name: 'meemikansio',
    connectionTimeoutMillis: 10_000,
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: 60_000,
  });
  pool.on('error', (err) => logger.warn({ err }, 'an idle database connection broke'));
  return new Kysely<DB>({ dialect: new PostgresDialect({ pool }) });
}
