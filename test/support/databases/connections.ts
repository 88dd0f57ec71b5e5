import { Client, Pool, type ClientConfig, type PoolConfig } from 'pg';

/**
 * A test that fails leaves its connections open, and the server ends them with its database. The
 * next query fails then. Without a listener the error would end the whole run instead.
 */
const fallsWithItsDatabase = (): void => {};

/** Opens a pool on a test database. */
export function openPool(url: string, config: PoolConfig = {}): Pool {
  const pool = new Pool({ ...config, connectionString: url });
  pool.on('error', fallsWithItsDatabase);
  pool.on('connect', (client) => client.on('error', fallsWithItsDatabase));
  return pool;
}

/** Connects to a test database. */
export async function openClient(url: string, config: ClientConfig = {}): Promise<Client> {
  const client = new Client({ ...config, connectionString: url });
  client.on('error', fallsWithItsDatabase);
  await client.connect();
  return client;
}
