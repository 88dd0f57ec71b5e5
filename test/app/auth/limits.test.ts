import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../../app/app.ts';
import { connect, type Database } from '../../../app/db/client.ts';
import { clientAddress } from '../../../app/http/client-address.ts';
import type { AppEnv } from '../../../app/http/env.ts';
import { createRateLimits } from '../../../app/http/rate-limit.ts';
import { createLogger } from '../../../app/logger.ts';
import { createTestApp, ORIGIN, PASSWORD, type TestApp } from '../../support/servers/app.ts';
import { outcome } from '../../support/errors.ts';

const WRONG = 'not the password';
let app: TestApp;
/** Stands in for a second process on the same database. */
let other: { db: Database; app: ReturnType<typeof createApp> };
beforeAll(async () => {
  app = await createTestApp({ TRUST_PROXY: '1' });
  await app.admin();
  const db = connect(app.databaseUrl, createLogger('silent', false));
  other = { db, app: createApp({ ...app.deps, limits: createRateLimits(db) }) };
});
afterAll(async () => {
  await other.db.destroy();
  await app[Symbol.asyncDispose]();
});

let addresses = 0;
const someAddress = () => `192.0.2.${++addresses}`;

interface Attempt {
  username: string;
  password?: string;
  address?: string;
  process?: { request: ReturnType<typeof createApp>['request'] };
  path?: string;
}

async function attempt({
  username,
  password = WRONG,
  address = someAddress(),
  process = createApp(app.deps),
  path = '/api/auth/login',
}: Attempt): Promise<Response> {
  return process.request(ORIGIN + path, {
    method: 'POST',
    headers: { origin: ORIGIN, 'content-type': 'application/json', 'x-forwarded-for': address },
    body: JSON.stringify({ username, password }),
  });
}

describe('sign-in', () => {
  it.each(['Aino', 'nobody-of-that-name'])(
    'refuses %s after 10 wrong passwords from anywhere, even the right one, and says for how long',
    async (username) => {
      await app.deps.db.deleteFrom('rate_limits').execute();
      for (let count = 0; count < 10; count++)
        expect(await outcome(await attempt({ username }))).toBe('401 wrong_credentials');
      const refused = await attempt({ username: ` ${username.toUpperCase()} `, password: PASSWORD });
      const seconds = Number(refused.headers.get('retry-after'));
      expect(seconds).toBeGreaterThan(280);
      expect(seconds).toBeLessThanOrEqual(300);
      expect(await refused.json()).toMatchObject({
        code: 'too_many_attempts',
        details: { retryAfter: seconds },
      });
      // After that time one more attempt is allowed, and no second.
      await app.deps.db
        .updateTable('rate_limits')
        .set((row) => ({ full_at: row.fn<Date>('date_subtract', ['full_at', row.val('300 s')]) }))
        .execute();
      expect(await outcome(await attempt({ username }))).toBe('401 wrong_credentials');
      expect(await outcome(await attempt({ username }))).toBe('429 too_many_attempts');
    },
  );

  it('refuses an address after 30 failures at any accounts, and no other address', async () => {
    const address = someAddress();
    for (let count = 0; count < 30; count++)
      expect(await outcome(await attempt({ username: `guess-${count}`, address }))).toBe(
        '401 wrong_credentials',
      );
    expect(await outcome(await attempt({ username: 'guess-30', address }))).toBe('429 too_many_attempts');
    expect(await outcome(await attempt({ username: 'guess-30' }))).toBe('401 wrong_credentials');
  });

  it('counts failures only: one who signs in a hundred times is never refused', async () => {
    await app.deps.db.deleteFrom('rate_limits').execute();
    const address = someAddress();
    for (let count = 0; count < 40; count++)
      expect((await attempt({ username: 'Aino', password: PASSWORD, address })).status).toBe(200);
  });

  it('shares its count between processes, and is not outrun by attempts at once', async () => {
    const attempts = Array.from({ length: 24 }, (_, index) =>
      attempt({ username: 'hunted', ...(index % 2 === 0 && { process: other.app }) }),
    );
    const outcomes = await Promise.all((await Promise.all(attempts)).map(outcome));
    expect(outcomes.filter((text) => text === '401 wrong_credentials')).toHaveLength(10);
    expect(outcomes.filter((text) => text === '429 too_many_attempts')).toHaveLength(14);
  });

  it('does not believe an address in front of what our proxy wrote', async () => {
    const address = someAddress();
    for (let count = 0; count < 30; count++)
      await attempt({ username: `claim-${count}`, address: `203.0.113.${count}, ${address}` });
    expect(await outcome(await attempt({ username: 'claim-30', address }))).toBe('429 too_many_attempts');
  });
});

describe('registration', () => {
  it('is limited by address and by name', async () => {
    const path = '/api/auth/register';
    const address = someAddress();
    for (let count = 0; count < 30; count++)
      expect(
        await outcome(await attempt({ username: `new-${count}`, password: PASSWORD, address, path })),
      ).toBe('403 registration_closed');
    expect(await outcome(await attempt({ username: 'new-30', password: PASSWORD, address, path }))).toBe(
      '429 too_many_attempts',
    );
    for (let count = 0; count < 10; count++) await attempt({ username: 'wanted', password: PASSWORD, path });
    expect(await outcome(await attempt({ username: 'wanted', password: PASSWORD, path }))).toBe(
      '429 too_many_attempts',
    );
  });
});

describe('a stolen session', () => {
  it('buys no endless guesses at the password', async () => {
    await app.deps.db.deleteFrom('rate_limits').execute();
    const visitor = app.visitor();
    await visitor.send('POST', '/api/auth/login', { username: 'Aino', password: PASSWORD });
    const guess = () =>
      visitor.send('PATCH', '/api/auth/password', { currentPassword: WRONG, password: 'long enough for it' });
    for (let count = 0; count < 10; count++) expect(await outcome(await guess())).toBe('422 wrong_password');
    expect(await outcome(await guess())).toBe('429 too_many_attempts');
  });
});

describe('full buckets', () => {
  it('are forgotten bit by bit', async () => {
    await app.deps.db.deleteFrom('rate_limits').execute();
    const old = Array.from({ length: 45 }, (_, index) => ({ key: `old-${index}`, full_at: new Date(0) }));
    await app.deps.db.insertInto('rate_limits').values(old).execute();
    for (let count = 0; count < 3; count++) await attempt({ username: `sweeper-${count}` });
    const left = await app.deps.db
      .selectFrom('rate_limits')
      .select('key')
      .where('key', 'like', 'old-%')
      .execute();
    expect(left).toEqual([]);
  });
});

describe('the address that counts', () => {
  const ask = async (trusted: number, remoteAddress: string | undefined, forwarded?: string) => {
    const probe = new Hono<AppEnv>().get('/', (c) => c.text(clientAddress(trusted)(c)));
    const env = remoteAddress === undefined ? {} : { incoming: { socket: { remoteAddress } } };
    const headers = new Headers(forwarded === undefined ? [] : [['x-forwarded-for', forwarded]]);
    return (await probe.request('/', { headers }, env)).text();
  };

  it.each([
    ['the connection, without a proxy', 0, '198.51.100.7', '203.0.113.5', '198.51.100.7'],
    ['what the only proxy wrote', 1, '10.0.0.1', '203.0.113.5', '203.0.113.5'],
    ['the last entry, not what the caller claims', 1, '10.0.0.1', '1.1.1.1, 203.0.113.5', '203.0.113.5'],
    ['the last but one behind two proxies', 2, '10.0.0.1', '1.1.1.1, 203.0.113.5, 10.0.0.2', '203.0.113.5'],
    ['the connection when too few proxies wrote', 2, '10.0.0.1', '203.0.113.5', '10.0.0.1'],
    ['the connection when the entry is no address', 1, '10.0.0.1', 'unknown', '10.0.0.1'],
    ['an IPv4 address in IPv6 clothes', 0, '::ffff:198.51.100.7', undefined, '198.51.100.7'],
    ['the network of an IPv6 address', 0, '2001:db8:1:2:3:4:5:6', undefined, '2001:db8:1:2::/64'],
    ['the same network, written short', 0, '2001:0DB8:1:2::6', undefined, '2001:db8:1:2::/64'],
    ['a network with zeros inside', 0, '2001:db8::1', undefined, '2001:db8:0:0::/64'],
    ['a link-local one with its zone', 0, 'fe80::1%eth0', undefined, 'fe80:0:0:0::/64'],
    ['this machine', 0, '::1', undefined, '0:0:0:0::/64'],
    ['nothing that is known', 0, undefined, undefined, 'unknown'],
  ])('is %s', async (_what, trusted, remote, forwarded, expected) => {
    expect(await ask(trusted, remote, forwarded)).toBe(expected);
  });
});
