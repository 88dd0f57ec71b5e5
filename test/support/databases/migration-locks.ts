import { setTimeout as sleep } from 'node:timers/promises';
import { sql, type Transaction } from 'kysely';
import { Migrator, type Migration } from 'kysely/migration';
import { connect, type Trx } from '../../../app/db/client.ts';
import { bringToBaseline } from '../../../app/db/migrate.ts';
import { createLogger } from '../../../app/logger.ts';
import { openClient } from './connections.ts';
import { BASELINE } from '../../../migrations/before-baseline/steps.ts';
import { FIRST_RELEASE, restoreStep } from './former-steps.ts';

/**
 * A lock on an existing table that stops others from writing or reading, with its start and end.
 */
export interface HeldLock {
  table: string;
  mode: string;
  ms: number;
}

export interface MigrationReport {
  name: string;
  ms: number;
  /** The longest lock first. */
  locks: HeldLock[];
}

const EVERY_MS = 3;

/**
 * Does the work of a migration as the app does, in a separate transaction. Watches from another
 * connection how long it holds locks that stop writers or readers.
 * https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES
 */
async function watchLocks(
  url: string,
  name: string,
  work: (trx: Trx) => Promise<unknown>,
): Promise<MigrationReport> {
  const db = connect(url, createLogger('silent', false), 1);
  const watcher = await openClient(url);
  const seen = new Map<string, { table: string; mode: string; since: number }>();
  const done = new AbortController();
  const watch = async (pid: number) => {
    while (!done.signal.aborted) {
      // The migration's new tables are not visible from here yet, and block nobody.
      const { rows } = await watcher.query<{ table: string; mode: string }>(
        `select c.relname as table, l.mode from pg_locks l join pg_class c on c.oid = l.relation
         where l.pid = $1 and l.granted and c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
           and l.mode in ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
           and c.relname not like 'kysely%'`,
        [pid],
      );
      const now = performance.now();
      for (const { table, mode } of rows) {
        const key = `${table} ${mode}`;
        if (!seen.has(key)) seen.set(key, { table, mode, since: now });
      }
      await sleep(EVERY_MS);
    }
  };
  try {
    let started = 0;
    let watching: Promise<void> | undefined;
    try {
      await db.transaction().execute(async (trx) => {
        await sql`set local statement_timeout = 0`.execute(trx);
        const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(trx);
        watching = watch(rows[0]?.pid ?? 0);
        started = performance.now();
        await work(trx);
      });
    } finally {
      done.abort();
      await watching;
    }
    const ended = performance.now();
    const locks = [...seen.values()].map(({ table, mode, since }) => ({ table, mode, ms: ended - since }));
    return { name, ms: ended - started, locks: locks.sort((a, b) => b.ms - a.ms) };
  } finally {
    await watcher.end();
    await db.destroy();
  }
}

/**
 * Returns the work of one migration, for a transaction. That of the baseline is the upgrade of a
 * database from before it.
 */
export const migrationWork =
  (migrations: Record<string, Migration>, name: string) =>
  async <DB>(trx: Transaction<DB>): Promise<void> => {
    if (name === BASELINE) await bringToBaseline(trx);
    const provider = { getMigrations: async () => migrations };
    const { error } = await new Migrator({ db: trx, provider }).migrateTo(name);
    if (error) throw error;
  };

/** Runs one migration and watches its locks, see {@link migrationWork}. */
export const watchMigration = (
  url: string,
  migrations: Record<string, Migration>,
  name: string,
): Promise<MigrationReport> => watchLocks(url, name, migrationWork(migrations, name));

/**
 * Restores the database of the first release and inserts `items` rows in its format. Writes
 * straight into the tables; a million rows take minutes.
 */
export async function seedFirstRelease(url: string, items: number): Promise<void> {
  await restoreStep(url, FIRST_RELEASE);
  const client = await openClient(url);
  try {
    await client.query('set statement_timeout = 0');
    // Skips triggers and foreign keys, which would take hours.
    await client.query(`set session_replication_role = replica`);
    await client.query(seed(items));
    await client.query('analyze');
  } finally {
    await client.end();
  }
}

const seed = (items: number) => `
  insert into users (id, username, username_key, username_skeleton, password_hash, role)
    select md5('u' || i)::uuid, 'Friend' || i, 'friend' || i, 'friend' || i, '', 'member' from generate_series(1, 50) i;
  insert into tags (name, uses) select 'tag-' || i, 100 from generate_series(1, 2000) i;
  create temp table ids as select i, md5('m' || i)::uuid as id from generate_series(1, ${items}) i;
  insert into media (id, owner_id, kind, mime, width, height, byte_size, sha256, title, original_name, text, state,
      object_key, thumb_key, thumb_hash, deleted_at)
    select id, md5('u' || (1 + i % 50))::uuid, 'image', 'image/jpeg', 1200, 900, 200000, md5('a' || i) || md5('b' || i),
      'title ' || i % 1000, 'IMG_' || i || '.jpg', 'some words in picture ' || i % 5000, 'ready', id || '.jpg', id || '.webp',
      'HBkSHYSIeHiPiHh8eJd4eTN0EEQG', case when i % 50 = 0 then now() end from ids;
  insert into media_tags (media_id, tag_id) select id, 1 + (i * 7 + n * 13) % 2000 from ids, generate_series(0, 1) n;
  insert into media_stages (media_id, stage, state) select id, stage, 'done' from ids, unnest('{thumbnail,text}'::text[]) stage;
  insert into media_search (media_id, live, terms)
    select id, i % 50 <> 0, to_tsvector('simple', 'title some words in picture w' || i % 5000) from ids;
  insert into search_words (word, folded, items) select 'w' || i, 'w' || i, 200 from generate_series(1, 5000) i;
  drop table ids`;
