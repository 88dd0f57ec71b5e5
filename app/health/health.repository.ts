import { sql } from 'kysely';
import type { Database } from '../db/client.ts';

/** Asks the database for an answer. Throws what the driver throws when there is none. */
export async function pingDatabase(db: Database): Promise<void> {
  await sql`select 1`.execute(db);
}
