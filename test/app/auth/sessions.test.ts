import { decode, sign } from 'hono/jwt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sessionList, type SessionItem } from '../../../app/auth/auth.schema.ts';
import { createTestApp, PASSWORD, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { outcome } from '../../support/errors.ts';

const SECRET = 'a secret of the tests, longer than 32 characters';
let app: TestApp;
let aino: Visitor;
beforeAll(async () => {
  app = await createTestApp({ JWT_SECRET: SECRET });
  aino = await app.admin();
});
afterAll(() => app[Symbol.asyncDispose]());

async function signIn(username: string, userAgent = ''): Promise<Visitor> {
  const visitor = app.visitor();
  const response = await visitor.request('/api/auth/login', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': userAgent },
    body: JSON.stringify({ username, password: PASSWORD }),
  });
  expect(response.status).toBe(200);
  return visitor;
}

const sessionsOf = async (visitor: Visitor): Promise<SessionItem[]> =>
  sessionList.parse(await (await visitor.request('/api/auth/sessions')).json()).items;
const signedIn = async (visitor: Visitor) => (await visitor.request('/api/media')).status === 200;

describe('own sessions', () => {
  let names = 0;
  let name: string;
  let first: Visitor;
  beforeEach(async () => {
    name = `guest-${names++}`;
    first = await app.member(aino, name);
  });

  it('are listed with device and last use, the asking one marked', async () => {
    const before = Date.now() - 1;
    const phone = await signIn(name, 'Firefox on a phone');
    const items = await sessionsOf(phone);
    expect(items).toHaveLength(2);
    expect(items.filter(({ current }) => current)).toMatchObject([{ userAgent: 'Firefox on a phone' }]);
    expect(Date.parse(items[0]?.lastSeenAt ?? '')).toBeGreaterThan(before);
  });

  it('can be ended one by one, from another', async () => {
    const phone = await signIn(name);
    const mine = (await sessionsOf(phone)).find(({ current }) => current);
    expect(await outcome(await first.send('DELETE', `/api/auth/sessions/${mine?.id}`))).toBe('204');
    expect(await signedIn(phone)).toBe(false);
    expect(await signedIn(first)).toBe(true);
  });

  it('are over at once, however many requests they are answering', async () => {
    const phone = await signIn(name);
    const mine = (await sessionsOf(phone)).find(({ current }) => current);
    const flock = () => Promise.all(Array.from({ length: 30 }, () => signedIn(phone)));
    const meanwhile = flock();
    expect(new Set(await flock())).toEqual(new Set([true]));
    const ended = first.request(`/api/auth/sessions/${mine?.id}`, { method: 'DELETE' });
    await Promise.all([meanwhile, flock()]);
    expect((await ended).status).toBe(204);
    expect(new Set(await flock())).toEqual(new Set([false]));
  });

  it('are nobody else’s to end, an admin’s neither', async () => {
    const mine = (await sessionsOf(first))[0];
    for (const other of [await app.member(aino, `other-${names}`), aino])
      expect(await outcome(await other.send('DELETE', `/api/auth/sessions/${mine?.id}`))).toBe(
        '404 not_found',
      );
    expect(await signedIn(first)).toBe(true);
  });

  it('can all be ended at once, with the cookie taken back', async () => {
    const phone = await signIn(name);
    const response = await phone.send('DELETE', '/api/auth/sessions');
    expect(response.status).toBe(204);
    expect(response.headers.getSetCookie()[0]).toMatch(/^session=;.*Max-Age=0/);
    expect(await signedIn(first)).toBe(false);
    expect(await signedIn(phone)).toBe(false);
  });

  it('end when the password changes, but for the one it was changed in', async () => {
    const phone = await signIn(name);
    const change = { currentPassword: PASSWORD, password: 'a new one, much better' };
    expect(await outcome(await phone.send('PATCH', '/api/auth/password', change))).toBe('204');
    expect(await signedIn(phone)).toBe(true);
    expect(await signedIn(first)).toBe(false);
    const login = (password: string) =>
      app.visitor().send('POST', '/api/auth/login', { username: name, password });
    expect(await outcome(await login(PASSWORD))).toBe('401 wrong_credentials');
    expect(await outcome(await login(change.password))).toBe('200');
  });

  it.each([
    ['not the password at all', 'a new one, much better', '422 wrong_password'],
    [PASSWORD, 'short', '422 password_too_short'],
    [PASSWORD, 'x'.repeat(1001), '422 password_too_long'],
    ['x'.repeat(1001), 'a new one, much better', '422 password_too_long'],
    [PASSWORD, 'basketball', '422 password_common'],
    [PASSWORD, 7, '422 invalid_field'],
  ])('stay when the password is not changed: %.20s → %.20s', async (currentPassword, password, expected) => {
    const phone = await signIn(name);
    expect(
      await outcome(await phone.send('PATCH', '/api/auth/password', { currentPassword, password })),
    ).toBe(expected);
    expect(await signedIn(first)).toBe(true);
  });

  it('that ran out are cleared away at the next sign-in', async () => {
    await app.deps.db
      .updateTable('sessions')
      .set({ last_seen_at: new Date(Date.now() - 31 * 24 * 3_600_000) })
      .where('user_id', '=', (eb) => eb.selectFrom('users').select('id').where('username', '=', name))
      .execute();
    expect(await signedIn(first)).toBe(false);
    const phone = await signIn(name);
    expect(await sessionsOf(phone)).toHaveLength(1);
  });
});

describe('a token', () => {
  const claimsOf = (visitor: Visitor) => decode(visitor.cookie().slice('session='.length)).payload;
  const accepts = async (token: string) =>
    (await app.visitor().request('/api/media', { headers: { cookie: `session=${token}` } })).status === 200;
  const now = () => Math.floor(Date.now() / 1000);

  it('works as it was made', async () => {
    expect(await accepts(await sign({ ...claimsOf(aino) }, SECRET, 'HS256'))).toBe(true);
  });

  it('is refused when it has expired, is not valid yet, or comes from the future', async () => {
    const claims = claimsOf(aino);
    expect(await accepts(await sign({ ...claims, exp: now() - 1 }, SECRET, 'HS256'))).toBe(false);
    expect(await accepts(await sign({ ...claims, nbf: now() + 600 }, SECRET, 'HS256'))).toBe(false);
    expect(await accepts(await sign({ ...claims, iat: now() + 600 }, SECRET, 'HS256'))).toBe(false);
  });

  it('is refused with another algorithm, even under the right key', async () => {
    for (const algorithm of ['HS384', 'HS512'] as const)
      expect(await accepts(await sign(claimsOf(aino), SECRET, algorithm))).toBe(false);
  });

  it('is refused with `alg: none`, whatever its spelling', async () => {
    const [, payload] = aino.cookie().slice('session='.length).split('.');
    for (const alg of ['none', 'None', 'NONE', '']) {
      const header = Buffer.from(JSON.stringify({ alg, typ: 'JWT' })).toString('base64url');
      expect(await accepts(`${header}.${payload}.`)).toBe(false);
      expect(await accepts(`${header}.${payload}`)).toBe(false);
    }
  });

  it('is refused under another key, and when its claims were changed', async () => {
    const claims = claimsOf(aino);
    expect(await accepts(await sign(claims, `${SECRET}!`, 'HS256'))).toBe(false);
    const [header, , signature] = aino.cookie().slice('session='.length).split('.');
    const changed = Buffer.from(JSON.stringify({ ...claims, exp: now() + 10 ** 9 })).toString('base64url');
    expect(await accepts(`${header}.${changed}.${signature}`)).toBe(false);
  });

  it('is refused without a session that exists, or with something else for its id', async () => {
    const guest = await app.member(aino, 'guest-leaving');
    const token = guest.cookie().slice('session='.length);
    expect(await accepts(token)).toBe(true);
    await guest.send('POST', '/api/auth/logout');
    expect(await accepts(token)).toBe(false);
    for (const sid of [undefined, null, 1, '', "' or true --", '00000000-0000-4000-8000-000000000000'])
      expect(await accepts(await sign({ sid, exp: now() + 600 }, SECRET, 'HS256'))).toBe(false);
  });
});
