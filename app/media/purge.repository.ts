import { sql } from 'kysely';
import type { Database, Trx } from '../db/client.ts';
import { KEY_COLUMNS } from './media.repository.ts';

/** Which items of the trash to delete. */
export interface PurgeFilter {
  /** Only these items. */
  ids?: readonly string[];
  /** Only this user's items; `null` for anybody's. */
  ownerId: string | null;
  /** Only items that were in the trash before this moment. */
  before?: Date;
}

const trashed = (db: Database | Trx, { ids, ownerId, before }: PurgeFilter) =>
  db
    .selectFrom('media')
    .where('deleted_at', 'is not', null)
    .$if(ids !== undefined, (query) => query.where('id', 'in', ids ?? []))
    .$if(ownerId !== null, (query) => query.where('owner_id', '=', ownerId))
    .$if(before !== undefined, (query) => query.where('deleted_at', '<', before ?? null));

/** Locks items in the trash in the order of their ids. Returns the ids. */
export async function lockTrashed(trx: Trx, filter: PurgeFilter, limit: number): Promise<string[]> {
  const rows = await trashed(trx, filter).select('id').orderBy('id').limit(limit).forUpdate().execute();
  return rows.map(({ id }) => id);
}

/** Locks items in the order of their ids, so that they can be deleted. */
export async function lockForDeletion(trx: Trx, ids: readonly string[]): Promise<void> {
  await trx.selectFrom('media').select('id').where('id', 'in', ids).orderBy('id').forUpdate().execute();
}

/**
 * Deletes the rows of locked items.
 *
 * @returns the ids, and the keys of their objects, which the caller deletes
 */
export async function deleteItems(trx: Trx, ids: readonly string[]) {
  if (ids.length === 0) return [];
  return trx
    .deleteFrom('media')
    .where('id', 'in', ids)
    .returning(['id', ...KEY_COLUMNS])
    .execute();
}

export async function countTrashed(db: Database | Trx, filter: PurgeFilter): Promise<number> {
  const { count } = await trashed(db, filter)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

/**
 * Returns a moment of the database's clock: now, or some days ago. It is later than every earlier
 * deletion.
 */
export async function databaseMoment(db: Database | Trx, daysAgo = 0): Promise<Date> {
  const { rows } = await sql<{ moment: Date }>`
    select clock_timestamp() - make_interval(days => ${daysAgo}) + interval '1 millisecond' as moment`.execute(
    db,
  );
  const [row] = rows;
  if (!row) throw new Error('The database does not tell the time.');
  return row.moment;
}
