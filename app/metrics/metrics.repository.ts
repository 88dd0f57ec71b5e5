import { sql } from 'kysely';
import type { Database } from '../db/client.ts';

/** Ages in seconds of the job that waits longest, and of the one that runs longest; 0 for none. */
export interface OldestJobs {
  ready: number;
  active: number;
}

/** Finds the ages of the oldest jobs. A job that is to run later does not wait yet. */
export async function findOldestJobs(db: Database): Promise<OldestJobs> {
  const { rows } = await sql<OldestJobs>`
    select
      coalesce(extract(epoch from now() - min(greatest(created_on, start_after))
        filter (where state < 'active' and start_after <= now())), 0)::float8 as ready,
      coalesce(extract(epoch from now() - min(started_on) filter (where state = 'active')), 0)::float8 as active
    from pgboss.job
    where state <= 'active'`.execute(db);
  return rows[0] ?? { ready: 0, active: 0 };
}
