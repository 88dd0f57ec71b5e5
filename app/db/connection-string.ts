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
 *   path of a file
 */
export function databaseAddress(url: string, ca?: string): DatabaseAddress {
  const address = new URL(url);
  const mode = address.searchParams.get('sslmode');
  const issuer = ca ?? address.searchParams.get('sslrootcert') ?? undefined;
  for (const name of ['sslmode', 'sslrootcert']) address.searchParams.delete(name);
  const connectionString = address.href;
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

const PEM = '-----BEGIN CERTIFICATE-----';

function certificate(given: string): string {
  if (given.includes(PEM)) return given.replaceAll('\\n', '\n');
  const decoded = Buffer.from(given, 'base64').toString();
  if (decoded.includes(PEM)) return decoded;
  if (existsSync(given)) return readFileSync(given, 'utf8');
  throw new DatabaseAddressError(
    'The CA of the database is neither a PEM certificate, nor one in base64, nor a file (DATABASE_CA or sslrootcert).',
  );
}
