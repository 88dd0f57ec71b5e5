import { expect } from 'vitest';
import { openClient } from './connections.ts';

/**
 * Returns how many deadlocks PostgreSQL has ended in a database. Close the app's connections first.
 * A server process reports its counts at its end, before it leaves `pg_stat_activity`.
 */
export async function deadlocksIn(url: string): Promise<number> {
  const client = await openClient(url);
  try {
    const one = async (query: string) =>
      Number((await client.query<{ n: string }>(`select (${query})::text as n`)).rows[0]?.n);
    const others = `select count(*) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`;
    await expect.poll(() => one(others)).toBe(0);
    return await one('select deadlocks from pg_stat_database where datname = current_database()');
  } finally {
    await client.end();
  }
}
