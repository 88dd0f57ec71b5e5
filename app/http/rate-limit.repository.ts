import { sql } from 'kysely';
import type { Database } from '../db/client.ts';

/**
 * Takes one token. Returns `false`, and changes nothing, if the bucket is empty.
 *
 * Uses the generic cell rate algorithm (GCRA, ITU-T I.371). Its whole state is the time at which
 * the bucket is full again. One statement and the database's clock let any number of processes
 * share a bucket.
 */
export async function takeToken(
  db: Database,
  key: string,
  burst: number,
  refillSeconds: number,
): Promise<boolean> {
  const capacity = burst * refillSeconds;
  const { rows } = await sql`
    insert into rate_limits as bucket (key, full_at)
    values (${key}, now() + make_interval(secs => ${refillSeconds}))
    on conflict (key) do update
      set full_at = greatest(bucket.full_at, now()) + make_interval(secs => ${refillSeconds})
      where greatest(bucket.full_at, now()) + make_interval(secs => ${refillSeconds})
        <= now() + make_interval(secs => ${capacity})
    returning 1`.execute(db);
  return rows.length > 0;
}

/** Puts one token back. */
export async function returnToken(db: Database, key: string, refillSeconds: number): Promise<void> {
  await db
    .updateTable('rate_limits')
    .set({ full_at: sql`full_at - make_interval(secs => ${refillSeconds})` })
    .where('key', '=', key)
    .execute();
}

/** Returns the seconds until the bucket has a token. */
export async function secondsToToken(
  db: Database,
  key: string,
  burst: number,
  refillSeconds: number,
): Promise<number> {
  const beforeFull = (burst - 1) * refillSeconds;
  const row = await db
    .selectFrom('rate_limits')
    .select(sql<number>`extract(epoch from full_at - now())::float8`.as('seconds'))
    .where('key', '=', key)
    .executeTakeFirst();
  return Math.max(1, Math.ceil((row?.seconds ?? 0) - beforeFull));
}

/** Deletes a few full buckets. Skips locked rows, so that two sweeps cannot wait for each other. */
export async function sweepFullBuckets(db: Database): Promise<void> {
  await db
    .deleteFrom('rate_limits')
    .where('key', 'in', (rows) =>
      rows
        .selectFrom('rate_limits')
        .select('key')
        .where('full_at', '<', sql<Date>`now()`)
        .limit(20)
        .forUpdate()
        .skipLocked(),
    )
    .execute();
}
