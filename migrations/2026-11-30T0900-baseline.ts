import { sql, type Kysely } from 'kysely';
import { FUNCTIONS, TRIGGERS } from './baseline/functions.ts';
import {
  ACCOUNTS,
  BACKFILL,
  INVITES_AND_LIMITS,
  JOINED_TAGS,
  MEDIA,
  STAGES,
  TAGS_AND_SEARCH,
} from './baseline/tables.ts';

/**
 * The schema of an empty database. It replaces the fifteen migrations before it;
 * migrations/before-baseline brings a database at one of them here.
 *
 * It has no way down, because that would delete every row.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const statements = [
    ...ACCOUNTS,
    ...MEDIA,
    ...INVITES_AND_LIMITS,
    ...TAGS_AND_SEARCH,
    ...STAGES,
    ...BACKFILL,
    ...JOINED_TAGS,
    ...FUNCTIONS,
    ...TRIGGERS,
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}
