import { existsSync, readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';

/**
 * The data that pg needs to reach a server: the address without TLS parameters, and these apart.
 */
export interface DatabaseAddress {
  connectionString: string;
  ssl: ConnectionOptions | false;
}

/** The database address is unusable. The message says why and contains no secret. */
export class DatabaseAddressError extends Error {
  override readonly name = 'DatabaseAddressError';
}

/**
 * Reads `sslmode` and `sslrootcert` of an address as libpq does; pg's own parser differs.
 *
 * `require` encrypts and, with a CA, also checks the issuer. `verify-ca` requires that check,
 * `verify-full` also that of the host name.
 * https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-SSLMODE-STATEMENTS
 *
 * Errors: {@link DatabaseAddressError}.
 *
 * @param ca a CA's certificate: PEM, PEM in base64 (several platforms mangle line breaks), or the
 *   path of a file. `system` names the public CAs.
 */
export function databaseAddress(url: string, ca?: string): DatabaseAddress {
  const address = new URL(url);
  const mode = address.searchParams.get('sslmode');
  const issuer = ca ?? address.searchParams.get('sslrootcert') ?? undefined;
  for (const name of ['sslmode', 'sslrootcert']) address.searchParams.delete(name);
  const connectionString = address.href;
  if (issuer === PUBLIC_CAS) {
    if (mode !== null && mode !== 'verify-full')
      throw new DatabaseAddressError(`The public CAs (system) demand sslmode=verify-full, not ${mode}.`);
    return { connectionString, ssl: {} };
  }
  const trusted = issuer === undefined ? {} : { ca: certificate(issuer) };
  switch (mode ?? (issuer === undefined ? 'disable' : 'verify-full')) {
    case 'disable':
      return { connectionString, ssl: false };
    case 'require':
      return issuer === undefined
        ? { connectionString, ssl: { rejectUnauthorized: false } }
        : { connectionString, ssl: { ...trusted, checkServerIdentity: () => undefined } };
    case 'verify-ca':
      return { connectionString, ssl: { ...trusted, checkServerIdentity: () => undefined } };
    case 'verify-full':
      return { connectionString, ssl: trusted };
    default:
      throw new DatabaseAddressError(
        `sslmode=${mode} of DATABASE_URL is not supported: use disable, require, verify-ca or verify-full.`,
      );
  }
}

/** The word of libpq for the CAs that everybody trusts: anybody gets a certificate of theirs. */
const PUBLIC_CAS = 'system';

/**
 * Returns a warning if somebody on the way could read the rows or pose as the database. `null` if
 * the server is verified or on the same network.
 *
 * A host without a dot is a neighbour: the loopback interface, or a service of a compose file.
 */
export function unverifiedDatabase(url: string, ca?: string): string | null {
  const { ssl } = databaseAddress(url, ca);
  const { hostname } = new URL(url);
  const neighbour = !hostname.includes('.') || hostname.startsWith('127.') || hostname === '[::1]';
  if (neighbour || (ssl !== false && ssl.rejectUnauthorized !== false && !ssl.checkServerIdentity))
    return null;
  const state = ssl === false ? 'not encrypted' : 'encrypted, but the server is not verified';
  return `The connection to the database is ${state}: set sslmode=verify-full in DATABASE_URL, and DATABASE_CA (docs/database.md).`;
}

const PEM = '-----BEGIN CERTIFICATE-----';

function certificate(given: string): string {
  if (given.includes(PEM)) return given.replaceAll('\\n', '\n');
  const decoded = Buffer.from(given, 'base64').toString();
  if (decoded.includes(PEM)) return decoded;
  if (existsSync(given)) return readFileSync(given, 'utf8');
  throw new DatabaseAddressError(
    'The CA of the database is neither a PEM certificate, nor one in base64, nor a file, nor “system” (DATABASE_CA or sslrootcert).',
  );
}
