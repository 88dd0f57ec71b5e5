import { sql } from 'kysely';
import type { Database } from '../db/client.ts';
import { roleOf } from '../storage/objects.ts';
import { KEY_COLUMNS } from './media.repository.ts';

type KeyColumn = (typeof KEY_COLUMNS)[number];

/** Returns the column of a role that objects carry; `null` for a role of another release. */
export const columnOf = (role: string): KeyColumn | null =>
  KEY_COLUMNS.find((column) => roleOf(column) === role) ?? null;

/** Finds the keys and the size (bytes) of an item; `null` if there is none of that id. */
export async function findKeys(db: Database, id: string) {
  const row = await db
    .selectFrom('media')
    .select(['id', 'byte_size', ...KEY_COLUMNS])
    .where('id', '=', id)
    .executeTakeFirst();
  return row ?? null;
}

/** Names another object, if the row still names the missing one. Returns whether it did. */
export async function renameObject(
  db: Database,
  { id, column, from, to }: { id: string; column: KeyColumn; from: string; to: string },
): Promise<boolean> {
  const result = await db
    .updateTable('media')
    .set({ [column]: to, hidden_in: null, updated_at: sql`now()` })
    .where('id', '=', id)
    .where(column, '=', from)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}
