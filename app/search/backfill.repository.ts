import { sql } from 'kysely';
import type { Trx } from '../db/client.ts';

/**
 * Locks the backfill and returns the id after which items await reindexing.
 *
 * @returns `null` when no item waits, or another process holds the lock
 */
export async function lockBackfill(trx: Trx): Promise<string | null> {
  const row = await trx
    .selectFrom('search_backfill')
    .select('after')
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  return row?.after ?? null;
}

/**
 * Locks the next items. Every change of an item or of its tags locks the item, so it comes before
 * or after.
 *
 * @returns their ids in ascending order
 */
export async function lockNextItems(trx: Trx, after: string, limit: number): Promise<string[]> {
  const rows = await trx
    .selectFrom('media')
    .select('id')
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .forNoKeyUpdate()
    .execute();
  return rows.map(({ id }) => id);
}

/** Rewrites the search rows of these items with search_reindex. */
export async function reindexItems(trx: Trx, ids: readonly string[]): Promise<void> {
  await sql`select search_reindex(${ids}::uuid[])`.execute(trx);
}

/**
 * Records the progress of the backfill.
 *
 * @param last - the last finished item; `null` when all are finished
 */
export async function moveBackfill(trx: Trx, last: string | null): Promise<void> {
  if (last === null) await trx.deleteFrom('search_backfill').execute();
  else await trx.updateTable('search_backfill').set({ after: last }).execute();
}
