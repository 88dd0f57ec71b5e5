import { sql, type Kysely } from 'kysely';

const COUNTING = 'search_vocabulary_changed';
const STRONG = 'order by id for update';
const WEAK = 'order by id for no key update';

/**
 * The trigger that counts the uses of tags locks them no more strongly than its update needs. The strong lock waits for
 * the foreign keys of every other transaction that puts the same tag on an item, and two of those waited for each other.
 */
export const up = (db: Kysely<unknown>): Promise<void> => lockTags(db, STRONG, WEAK);

export const down = (db: Kysely<unknown>): Promise<void> => lockTags(db, WEAK, STRONG);

/** Changes the one clause, and keeps the rest of the function as it is in this database. */
async function lockTags(db: Kysely<unknown>, from: string, to: string): Promise<void> {
  const { rows } = await sql<{ definition: string }>`
    select pg_get_functiondef(${COUNTING}::regproc) as definition`.execute(db);
  const [before, after, ...more] = (rows[0]?.definition ?? '').split(from);
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error(`${COUNTING} does not contain “${from}” once.`);
  await sql.raw(before + to + after).execute(db);
}
