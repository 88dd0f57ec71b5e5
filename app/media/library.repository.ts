import type { Database, Trx } from '../db/client.ts';

/** The identity of the library, and the moment of the backup that it was restored from. */
export function readLibrary(db: Database | Trx): Promise<{ library_id: string; restored_from: Date | null }> {
  return db.selectFrom('settings').select(['library_id', 'restored_from']).executeTakeFirstOrThrow();
}

/** Lets the sweep run again after a restore. */
export async function endRestore(db: Database): Promise<void> {
  await db.updateTable('settings').set({ restored_from: null }).execute();
}

export async function hasItems(db: Database): Promise<boolean> {
  return (await db.selectFrom('media').select('id').limit(1).executeTakeFirst()) !== undefined;
}
