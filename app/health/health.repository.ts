import { sql } from 'kysely';
import type { Database } from '../db/client.ts';

/** Failed jobs of one kind. */
export interface FailedJobs {
  name: string;
  count: number;
}

/** Asks the database for an answer. Throws what the driver throws when there is none. */
export async function pingDatabase(db: Database): Promise<void> {
  await sql`select 1`.execute(db);
}

/** Counts the jobs whose last try failed within a day, the most frequent kind first. */
export async function countFailedJobs(db: Database): Promise<FailedJobs[]> {
  const { rows } = await sql<FailedJobs>`
    select name, count(*)::int as count from pgboss.job
    where state = 'failed' and completed_on > now() - interval '1 day'
    group by name order by count desc, name`.execute(db);
  return rows;
}
