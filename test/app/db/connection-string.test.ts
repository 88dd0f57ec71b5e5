import { describe, expect, it } from 'vitest';
import { databaseAddress, unverifiedDatabase } from '../../../app/db/connection-string.ts';

const CA = '-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----';

describe('the address of a database', () => {
  it('is verified by the public CAs when the CA is “system”, as with libpq', () => {
    for (const address of [
      databaseAddress('postgres://a:b@db.example/c', 'system'),
      databaseAddress('postgres://a:b@db.example/c?sslmode=verify-full', 'system'),
      databaseAddress('postgres://a:b@db.example/c?sslrootcert=system'),
    ])
      expect(address).toEqual({ connectionString: 'postgres://a:b@db.example/c', ssl: {} });
    expect(() => databaseAddress('postgres://a:b@db.example/c?sslmode=require', 'system')).toThrow(
      /demand sslmode=verify-full, not require/,
    );
  });

  it.each([
    ['without TLS', 'postgres://a:secret@db.example/c', undefined, /not encrypted/],
    ['with any certificate', 'postgres://a:secret@db.example/c?sslmode=require', undefined, /not verified/],
    ['with that of another host', 'postgres://a:secret@db.example/c?sslmode=verify-ca', CA, /not verified/],
  ])('is warned of %s', (_how, url, ca, said) => {
    const warning = unverifiedDatabase(url, ca);
    expect(warning).toMatch(said);
    expect(warning).toContain('sslmode=verify-full');
    expect(warning).not.toContain('secret');
  });

  it.each([
    ['verified', 'postgres://a:b@db.example/c?sslmode=verify-full', CA],
    ['verified by the public CAs', 'postgres://a:b@db.example/c', 'system'],
    ['a service of a compose file', 'postgres://a:b@database:5432/c', undefined],
    ['on this machine', 'postgres://a:b@127.0.0.1:5432/c', undefined],
    ['on this machine, in IPv6', 'postgres://a:b@[::1]:5432/c', undefined],
  ])('is not warned of if it is %s', (_how, url, ca) => {
    expect(unverifiedDatabase(url, ca)).toBeNull();
  });
});
