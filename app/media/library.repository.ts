import { sql } from 'kysely';
import type { Database, Trx } from '../db/client.ts';

/** The identity of the library, and the moment of the backup that it was restored from. */
export function readLibrary(db: Database | Trx): Promise<{ library_id: string; restored_from: Date | null }> {
  return db.selectFrom('settings').select(['library_id', 'restored_from']).executeTakeFirstOrThrow();
}

/**
 * Identifies the database itself: a dump restored elsewhere has the rows, but not this. The number
 * of the server is missing where a provider does not let us read it. A copy of the server's disk
 * has the same.
 */
export async function databaseId(db: Database): Promise<string> {
  const { rows } = await sql<{ oid: string; readable: boolean }>`
    select oid::text, has_function_privilege('pg_control_system()', 'execute') as readable
    from pg_database where datname = current_database()`.execute(db);
  const [{ oid, readable } = { oid: '', readable: false }] = rows;
  if (!readable) return oid;
  const { rows: servers } = await sql<{ id: string }>`
    select system_identifier::text as id from pg_control_system()`.execute(db);
  return `${servers[0]?.id}.${oid}`;
}

/** Lets the sweep run again after a restore. */
export async function endRestore(db: Database): Promise<void> {
  await db.updateTable('settings').set({ restored_from: null }).execute();
}

export async function hasItems(db: Database): Promise<boolean> {
  return (await db.selectFrom('media').select('id').limit(1).executeTakeFirst()) !== undefined;
}
