import { Kysely, PostgresDialect, type LogEvent, type Transaction } from 'kysely';
import type { PoolClient } from 'pg';
import { openPool } from './connections.ts';

/**
 * A lock on an existing table that stops others from writing or reading. It counts the rows that
 * the migration read and wrote meanwhile.
 */
export interface RowsUnderLock {
  table: string;
  mode: string;
  read: number;
  written: number;
}

interface Work {
  read: number;
  written: number;
}

interface Held {
  table: string;
  mode: string;
}

/**
 * Does the work of a migration as the app does, in a separate transaction, and counts it statement
 * by statement. Unlike a time, the count is the same on a busy machine. A read of a whole table
 * counts also if it fills an index, checks a constraint or rewrites the table.
 */
export async function rowsUnderLocks(
  url: string,
  migrate: (trx: Transaction<unknown>) => Promise<unknown>,
): Promise<RowsUnderLock[]> {
  // The work of parallel workers would not be counted.
  const options = '-c max_parallel_maintenance_workers=0 -c max_parallel_workers_per_gather=0';
  const pool = openPool(url, { max: 1, options });
  let client: PoolClient | undefined;
  pool.on('connect', (connected) => (client = connected));
  let existing: string[] = [];
  let locks: Held[] = [];
  let work: Work = { read: 0, written: 0 };
  const seen = new Map<string, RowsUnderLock>();
  // Kysely waits for the end of `log` before the next statement.
  const look = async ({ query }: LogEvent) => {
    // With the end of the transaction, PostgreSQL resets the counters.
    if (!client || query.sql === 'commit') return;
    const before = { locks, work };
    locks = await strongLocks(client, existing);
    work = await workOf(client);
    // A statement takes a lock before its work, or after it: count the work either way.
    for (const lock of new Map([...before.locks, ...locks].map((one) => [keyOf(one), one])).values()) {
      const { read, written } = seen.get(keyOf(lock)) ?? { read: 0, written: 0 };
      seen.set(keyOf(lock), {
        ...lock,
        read: read + work.read - before.work.read,
        written: written + work.written - before.work.written,
      });
    }
  };
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }), log: look });
  try {
    await db.connection().execute(async () => {
      existing = await tables(client);
    });
    await db.transaction().execute(migrate);
  } finally {
    await db.destroy();
  }
  return [...seen.values()];
}

const keyOf = ({ table, mode }: Held) => `${table} ${mode}`;

async function tables(client: PoolClient | undefined): Promise<string[]> {
  const { rows } = (await client?.query<{ oid: string }>(
    `select oid::text from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
       and relname not like 'kysely%'`,
  )) ?? { rows: [] };
  return rows.map(({ oid }) => oid);
}

/** https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES */
async function strongLocks(client: PoolClient, existing: readonly string[]): Promise<Held[]> {
  const { rows } = await client.query<Held>(
    `select c.relname as table, l.mode from pg_locks l join pg_class c on c.oid = l.relation
     where l.pid = pg_backend_pid() and l.granted and c.oid = any($1::oid[])
       and l.mode in ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')`,
    [existing],
  );
  return rows;
}

/** Counts the rows that this transaction has read and written so far. */
async function workOf(client: PoolClient): Promise<Work> {
  const { rows } = await client.query<Work>(
    `select coalesce(sum(seq_tup_read + idx_tup_fetch), 0)::int as read,
            coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::int as written
     from pg_stat_xact_user_tables`,
  );
  return rows[0] ?? { read: 0, written: 0 };
}
