import { Kysely, type LogEvent, type Transaction } from 'kysely';
import { Pool, types as pgTypes, type CustomTypesConfig } from 'pg';
import type { Logger } from 'pino';
import type { Trace } from '../util/trace.ts';
import { databaseAddress } from './connection-string.ts';
import { TransactionLockDialect } from './migration-lock.ts';
import type { DB } from './schema.gen.ts';

export type Database = Kysely<DB>;
export type Trx = Transaction<DB>;

/**
 * Parses bigint as a number; pg's default is a string. Our sizes and counts stay far below 2^53.
 */
const types: CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    oid === pgTypes.builtins.INT8 ? Number : pgTypes.getTypeParser(oid, format),
};

/** A statement of ours takes milliseconds. One that takes this long must not hold its locks. */
const SESSION = `set statement_timeout = '30s'; set idle_in_transaction_session_timeout = '60s'`;

/** The connections of a pool at this moment. */
export interface PoolState {
  max: number;
  open: number;
  idle: number;
  /** Statements that wait for a connection. */
  waiting: number;
}

const pools = new WeakMap<Database, Pool>();

/** Returns the state of the pool under a database of {@link connect}. */
export function poolStateOf(db: Database): PoolState {
  const pool = pools.get(db);
  if (!pool) throw new Error('This database has no pool of ours.');
  return {
    max: pool.options.max,
    open: pool.totalCount,
    idle: pool.idleCount,
    waiting: pool.waitingCount,
  };
}

/** Statements of the search are long, and their beginning tells them apart. */
const MAX_STATEMENT_CHARACTERS = 500;

function recordStatement(trace: Trace, { level, query, queryDurationMillis }: LogEvent): void {
  const text = query.sql.trim().slice(0, MAX_STATEMENT_CHARACTERS);
  const name = `db ${/^\w+/.exec(text)?.[0].toLowerCase() ?? 'statement'}`;
  const attributes = { 'db.system.name': 'postgresql', 'db.query.text': text };
  trace.record(name, attributes, queryDurationMillis, level === 'error');
}

/**
 * Opens a Kysely on a pool of at most `max` connections; rented databases allow few.
 *
 * A broken connection is logged, and the pool replaces it at the next query. Without the listeners
 * it would end the process. Statements are unnamed: a pooler in transaction mode sends the next one
 * to another server connection.
 *
 * @param ca see {@link databaseAddress}
 * @param trace gets each statement, without its values
 */
export function connect(
  url: string,
  logger: Logger,
  max = 10,
  ca?: string,
  trace: Trace | null = null,
): Database {
  const pool = new Pool({
    ...databaseAddress(url, ca),
    max,
    types,
    application_name: 'meemikansio',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  });
  // PgBouncer refuses these as startup parameters. The statement is queued before the query that
  // wanted the connection.
  pool.on('connect', (client) => {
    // The pool removes its own listener from a client it lends. A break fails the current or next
    // query, but an unheard error would end the process.
    client.on('error', (err) => logger.warn({ err }, 'database connection lost'));
    client
      .query(SESSION)
      .catch((err: unknown) => logger.warn({ err }, 'database connection lost in its set-up'));
  });
  pool.on('error', (err) => logger.warn({ err }, 'idle database connection lost'));
  const db = new Kysely<DB>({
    dialect: new TransactionLockDialect({ pool }),
    ...(trace && { log: (event) => recordStatement(trace, event) }),
  });
  pools.set(db, pool);
  return db;
}
