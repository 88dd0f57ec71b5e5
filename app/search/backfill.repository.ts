import { sql } from 'kysely';
import type { Trx } from '../db/client.ts';

/** The id after which items wait to be indexed anew, locked; `null` when none wait, or another process is at it. */
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
 * The next items, locked: every change of an item or of one of its tags holds the item, so it comes before or after.
 * @returns their ids in order
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

/** Writes their search rows anew, see search_reindex in the migrations. */
export async function reindexItems(trx: Trx, ids: readonly string[]): Promise<void> {
  await sql`select search_reindex(${ids}::uuid[])`.execute(trx);
}

/** @param last the last item that is done; `null` when all are */
export async function moveBackfill(trx: Trx, last: string | null): Promise<void> {
  if (last === null) await trx.deleteFrom('search_backfill').execute();
  else await trx.updateTable('search_backfill').set({ after: last }).execute();
}
