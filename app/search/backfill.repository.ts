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
 * The next items, with their tags locked against change: whoever changes one of them later indexes it later.
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
  const ids = rows.map(({ id }) => id);
  await sql`select from tags where id in (select tag_id from media_tags where media_id = any(${ids}::uuid[]))
    order by id for share`.execute(trx);
  return ids;
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
