import { sql } from 'kysely';
import type { Database } from '../db/client.ts';

/**
 * Adds openings to shares, in one statement. Locks in the order of codes, so that two processes
 * cannot wait for each other in a circle.
 */
export async function addOpens(
  db: Database,
  counts: ReadonlyMap<string, { opens: number; lastAt: Date }>,
): Promise<void> {
  const codes = [...counts.keys()];
  const opens = [...counts.values()].map((one) => one.opens);
  const times = [...counts.values()].map((one) => one.lastAt.toISOString());
  await sql`
    with counted as (
      select * from unnest(${codes}::text[], ${opens}::int[], ${times}::timestamptz[]) as c (code, opens, last_at)
    ), locked as materialized (
      select code from shares where code = any(${codes}::text[]) order by code for no key update
    )
    update shares set
      opens = shares.opens + counted.opens,
      last_opened_at = greatest(shares.last_opened_at, counted.last_at)
    from counted join locked using (code)
    where shares.code = counted.code`.execute(db);
}
