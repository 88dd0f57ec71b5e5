import { sign } from 'hono/jwt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDevices, DEVICE_SECONDS } from '../../../app/auth/devices.ts';
import { setPassword } from '../../../app/auth/operator.service.ts';
import { resetLink } from '../../../app/users/users.schema.ts';
import { outcome } from '../../support/errors.ts';
import { createTestApp, PASSWORD, type TestApp, type Visitor } from '../../support/servers/app.ts';

const SECRET = 's'.repeat(40);
const WRONG = 'not the password';
const CHANGED = 'another horse battery';

let app: TestApp;
let aino: Visitor;
beforeAll(async () => {
  app = await createTestApp({ TRUST_PROXY: '1', JWT_SECRET: SECRET });
  aino = await app.admin();
  await app.member(aino, 'Louhi');
});
afterAll(() => app[Symbol.asyncDispose]());
beforeEach(async () => {
  await app.deps.db.deleteFrom('rate_limits').execute();
  await setPassword(app.deps.db, 'Louhi', PASSWORD);
});

let addresses = 0;
const someAddress = () => `192.0.2.${(addresses++ % 250) + 1}`;

interface Attempt {
  username?: string;
  password?: string;
  address?: string;
  cookie?: string;
}

const login = async (
  { username = 'Louhi', password = PASSWORD, address = someAddress(), cookie = '' }: Attempt,
  visitor = app.visitor(),
) =>
  visitor.request('/api/auth/login', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': address, ...(cookie && { cookie }) },
    body: JSON.stringify({ username, password }),
  });

/**
 * Signs in on a new device.
 * @returns the cookie that identifies the device
 */
async function newDevice(username = 'Louhi', password = PASSWORD): Promise<string> {
  const response = await login({ username, password });
  expect(response.status).toBe(200);
  return deviceOf(response);
}

const deviceOf = (response: Response) =>
  response.headers
    .getSetCookie()
    .find((cookie) => cookie.startsWith('device='))
    ?.split(';')[0] ?? '';

/** Fails to sign in until the account is locked, as a stranger would. */
async function lockOut(username = 'Louhi'): Promise<void> {
  for (let count = 0; count < 10; count++)
    expect(await outcome(await login({ username, password: WRONG }))).toBe('401 wrong_credentials');
  expect(await outcome(await login({ username }))).toBe('429 too_many_attempts');
}

describe('a device that signed in before', () => {
  it('gets in while strangers keep every other device out, time and again', async () => {
    const cookie = await newDevice();
    for (let round = 0; round < 2; round++) {
      await lockOut();
      expect((await login({ cookie })).status).toBe(200);
      expect(await outcome(await login({}))).toBe('429 too_many_attempts');
      await app.deps.db.deleteFrom('rate_limits').execute();
    }
  });

  it('is known in any spelling of the name, and after signing out', async () => {
    const visitor = app.visitor();
    await login({}, visitor);
    expect((await visitor.send('POST', '/api/auth/logout')).status).toBe(204);
    expect((await visitor.request('/api/media')).status).toBe(401);
    await lockOut();
    expect((await login({ username: ' LOUHI ' }, visitor)).status).toBe(200);
  });

  it('has ten wrong guesses of its own, which are nobody else’s', async () => {
    const [cookie, other] = [await newDevice(), await newDevice()];
    for (let count = 0; count < 10; count++)
      expect(await outcome(await login({ cookie, password: WRONG }))).toBe('401 wrong_credentials');
    const refused = await login({ cookie });
    expect(await outcome(refused)).toBe('429 too_many_attempts');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(280);
    expect((await login({ cookie: other })).status).toBe(200);
    expect((await login({})).status).toBe(200);
  });

  it('changes the password while strangers keep others out, with no more guesses than at signing in', async () => {
    const visitor = app.visitor();
    await login({}, visitor);
    await lockOut();
    const change = (currentPassword: string) =>
      visitor.send('PATCH', '/api/auth/password', { currentPassword, password: CHANGED });
    for (let count = 0; count < 9; count++)
      expect(await outcome(await change(WRONG))).toBe('422 wrong_password');
    expect(await outcome(await login({ password: WRONG }, visitor))).toBe('401 wrong_credentials');
    expect(await outcome(await change(PASSWORD))).toBe('429 too_many_attempts');
    await app.deps.db.deleteFrom('rate_limits').where('key', 'like', 'login-device:%').execute();
    expect(await outcome(await change(PASSWORD))).toBe('204');
  });
});

describe('an address with too many failures', () => {
  const address = '198.51.100.77';
  beforeEach(async () => {
    for (let count = 0; count < 30; count++)
      await login({ username: `guess-${count}`, password: WRONG, address });
    expect(await outcome(await login({ address }))).toBe('429 too_many_attempts');
  });

  it('keeps out no known device with the right password', async () => {
    await app.deps.db.deleteFrom('rate_limits').where('key', 'like', 'login-account:%').execute();
    const cookie = await newDevice();
    expect((await login({ address, cookie })).status).toBe(200);
  });

  it('keeps out nobody with a session, from signing in or from a link’s code', async () => {
    const cookie = aino.cookie();
    expect((await login({ address, cookie })).status).toBe(200);
    const check = (visitor: Visitor) =>
      visitor.request('/api/invites/check', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
        body: JSON.stringify({ code: 'unknown' }),
      });
    for (let count = 0; count < 30; count++)
      expect(await outcome(await check(app.visitor()))).toBe('404 invite_unknown');
    expect(await outcome(await check(app.visitor()))).toBe('429 too_many_attempts');
    for (let count = 0; count < 30; count++)
      expect(await outcome(await check(aino))).toBe('404 invite_unknown');
    expect(await outcome(await check(aino))).toBe('429 too_many_attempts');
  });
});

describe('the cookie of a device', () => {
  const known = async (cookie: string, password = PASSWORD) =>
    (await login({ cookie, password })).status === 200;

  it('is worth nothing as a session, nor a session’s as a device’s', async () => {
    const cookie = await newDevice();
    const token = cookie.slice('device='.length);
    const asSession = await app.visitor().request('/api/media', { headers: { cookie: `session=${token}` } });
    expect(asSession.status).toBe(401);
    expect((await app.visitor().request('/api/media', { headers: { cookie } })).status).toBe(401);
    const visitor = app.visitor();
    await login({}, visitor);
    await lockOut();
    expect(await known(`device=${visitor.cookie().slice('session='.length)}`)).toBe(false);
    expect(await known(cookie)).toBe(true);
  });

  it('is worth nothing for another account, forged, unsigned or expired', async () => {
    const row = await app.deps.db
      .selectFrom('users')
      .select(['id', 'password_hash'])
      .where('username', '=', 'Louhi')
      .executeTakeFirstOrThrow();
    const cookie = await newDevice();
    const [header, body = ''] = cookie.slice('device='.length).split('.');
    const payload: Record<string, unknown> = JSON.parse(Buffer.from(body, 'base64url').toString());
    const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
    await lockOut();
    for (const forged of [
      await newDevice('Aino'),
      `device=${await sign(payload, SECRET)}`,
      `device=${await createDevices('x'.repeat(40)).issue(row)}`,
      `device=${header}.${body}.`,
      `device=${none}.${body}.`,
      'device=',
    ])
      expect(await known(forged), forged).toBe(false);
    expect(await known(cookie)).toBe(true);
    expect(payload['exp']).toBe(Number(payload['iat']) + DEVICE_SECONDS);
  });

  it('is worth nothing once the password is another, however that came', async () => {
    const changes: Record<string, (visitor: Visitor) => Promise<string>> = {
      'its owner changed it': async (visitor) => {
        const body = { currentPassword: PASSWORD, password: CHANGED };
        return deviceOf(await visitor.send('PATCH', '/api/auth/password', body));
      },
      'a reset link was used': async (visitor) => {
        const { id } = await app.deps.db
          .selectFrom('users')
          .select('id')
          .where('username', '=', 'Louhi')
          .executeTakeFirstOrThrow();
        const { code } = resetLink.parse(await (await aino.send('POST', `/api/users/${id}/reset`)).json());
        return deviceOf(await visitor.send('POST', '/api/auth/reset', { code, password: CHANGED }));
      },
      'the operator set it': async () => {
        await setPassword(app.deps.db, 'Louhi', CHANGED);
        return newDevice('Louhi', CHANGED);
      },
    };
    for (const [why, change] of Object.entries(changes)) {
      await setPassword(app.deps.db, 'Louhi', PASSWORD);
      await app.deps.db.deleteFrom('rate_limits').execute();
      const visitor = app.visitor();
      const before = deviceOf(await login({}, visitor));
      const after = await change(visitor);
      await lockOut();
      expect(await known(before, CHANGED), why).toBe(false);
      expect(await known(after, CHANGED), why).toBe(true);
    }
  });

  it('opens nothing to somebody who is disabled', async () => {
    await app.member(aino, 'Ilmari');
    const cookie = await newDevice('Ilmari');
    const { id } = await app.deps.db
      .selectFrom('users')
      .select('id')
      .where('username', '=', 'Ilmari')
      .executeTakeFirstOrThrow();
    await aino.send('PATCH', `/api/users/${id}`, { disabled: true });
    expect(await outcome(await login({ username: 'Ilmari', cookie }))).toBe('401 wrong_credentials');
  });

  it('is kept from scripts and other sites, and for long', async () => {
    const set = (await login({})).headers.getSetCookie();
    expect(set.map((cookie) => cookie.split('=')[0])).toEqual(['session', 'device']);
    expect(set[1]).toMatch(/; Max-Age=34560000; Path=\/; HttpOnly; SameSite=Strict$/);
    await using secure = await createTestApp({
      NODE_ENV: 'production',
      SETUP_CODE: 'a code of the test',
      JWT_SECRET: SECRET,
      DATABASE_URL: 'postgres://unused/unused',
    });
    await secure.admin();
    const body = { username: 'Aino', password: PASSWORD };
    const [, device] = (await secure.visitor().send('POST', '/api/auth/login', body)).headers.getSetCookie();
    expect(device).toMatch(/^__Host-device=.*; Path=\/; HttpOnly; Secure; SameSite=Strict$/);
  });
});
