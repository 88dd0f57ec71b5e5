import { expect, it } from 'vitest';
import { openClient, openPool } from './databases/connections.ts';
import { createTestDatabase } from './databases/database.ts';

// Without their listeners, vitest reports an unhandled 57P01 (terminated by an administrator).
it('connections that a failed test left open fall with their database, and end no run', async () => {
  const database = await createTestDatabase();
  const pool = openPool(database.url);
  const borrowed = await pool.connect();
  await pool.query('select 1');
  const client = await openClient(database.url);
  await database[Symbol.asyncDispose]();
  await expect(client.query('select 1')).rejects.toThrow();
  await expect(borrowed.query('select 1')).rejects.toThrow();
  borrowed.release(true);
  await expect.poll(() => pool.totalCount).toBe(0);
  await pool.end();
});
