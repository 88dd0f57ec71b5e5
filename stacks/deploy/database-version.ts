import { Client } from 'pg';

const CONNECT_TIMEOUT_MS = 15_000;

/**
 * Asks a database for its version, over TLS with a verified certificate if the address says so.
 *
 * @param ca `system` for the public CAs, else PEM in base64
 * @returns for example 170002
 */
export async function databaseVersion(url: string, ca: string): Promise<number> {
  const address = new URL(url);
  const verified = address.searchParams.get('sslmode') === 'verify-full';
  // pg reads these otherwise than libpq does.
  for (const name of ['sslmode', 'sslrootcert']) address.searchParams.delete(name);
  const client = new Client({
    connectionString: address.href,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    ...(verified && { ssl: ca === 'system' ? true : { ca: Buffer.from(ca, 'base64').toString() } }),
  });
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version_num: string }>('SHOW server_version_num');
    return Number(rows[0]?.server_version_num);
  } finally {
    await client.end();
  }
}
