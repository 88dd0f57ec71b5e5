import { decode, sign } from 'hono/jwt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorBody } from '../../../app/http/errors.schema.ts';
import { setupCodeOf } from '../../../app/auth/setup-code.ts';
import { parseConfig } from '../../../app/config.ts';
import { createTestApp, ORIGIN, PASSWORD, type TestApp, type Visitor } from '../../support/servers/app.ts';

let app: TestApp;
let aino: Visitor;

async function codeOf(response: Response): Promise<string> {
  return errorBody.parse(await response.json()).code;
}

describe('the first account', () => {
  it('is made exactly once when several race for it', async () => {
    await using fresh = await createTestApp();
    expect(await (await fresh.visitor().request('/api/auth/me')).json()).toEqual({
      user: null,
      firstAccount: true,
    });
    const racers = ['Aino', 'Väinö', 'Louhi', 'Ilmari'].map((username) =>
      fresh.visitor().send('POST', '/api/auth/register', { username, password: PASSWORD }),
    );
    const statuses = (await Promise.all(racers)).map((response) => response.status);
    expect(statuses.toSorted()).toEqual([201, 403, 403, 403]);
    expect(await fresh.deps.db.selectFrom('users').select('role').execute()).toEqual([{ role: 'admin' }]);
    expect(await (await fresh.visitor().request('/api/auth/me')).json()).toEqual({
      user: null,
      firstAccount: false,
    });
  });
});

describe('the first account in production', () => {
  const production = {
    NODE_ENV: 'production',
    JWT_SECRET: 'x'.repeat(40),
    DATABASE_URL: 'postgres://unused/unused',
  };
  const register = (fresh: TestApp, setupCode?: string) =>
    fresh.visitor().send('POST', '/api/auth/register', { username: 'Aino', password: PASSWORD, setupCode });

  it.each([
    ['chosen', { ...production, SETUP_CODE: 'this is the code' }],
    ['printed', production],
  ])('is not the first visitor’s: it needs the %s setup code', async (_how, env) => {
    await using fresh = await createTestApp(env);
    const { printed = null } = fresh.deps.setupCode ?? {};
    expect(printed === null).toBe('SETUP_CODE' in env);
    const code = printed ?? 'this is the code';
    for (const wrong of [undefined, 'a wrong code', code.slice(1)]) {
      const refused = await register(fresh, wrong);
      expect([refused.status, await codeOf(refused)]).toEqual([403, 'setup_code_wrong']);
    }
    expect(await (await fresh.visitor().request('/api/auth/me')).json()).toEqual({
      user: null,
      firstAccount: true,
      needsSetupCode: true,
    });
    expect((await register(fresh, ` ${code} `)).status).toBe(201);
    expect(await (await fresh.visitor().request('/api/auth/me')).json()).toEqual({
      user: null,
      firstAccount: false,
    });
    const again = await fresh
      .visitor()
      .send('POST', '/api/auth/register', { username: 'Louhi', password: PASSWORD, setupCode: code });
    expect(await codeOf(again), 'the code makes one account').toBe('registration_closed');
  });

  it('has a code of 100 bits that every process on that secret has, and no other site', () => {
    const codeFor = (secret: string) =>
      setupCodeOf(parseConfig({ ...production, JWT_SECRET: secret }))?.printed ?? '';
    expect(codeFor('x'.repeat(40))).toMatch(/^([0-9a-f]{5}-){4}[0-9a-f]{5}$/);
    expect(codeFor('x'.repeat(40))).toBe(codeFor('x'.repeat(40)));
    expect(codeFor('x'.repeat(40))).not.toBe(codeFor('y'.repeat(40)));
  });
});

describe('sign-in', () => {
  beforeAll(async () => {
    app = await createTestApp();
    aino = await app.admin();
  });
  afterAll(() => app[Symbol.asyncDispose]());

  it('answers who is signed in', async () => {
    expect(await (await aino.request('/api/auth/me')).json()).toMatchObject({
      user: { username: 'Aino', role: 'admin' },
      firstAccount: false,
    });
  });

  it.each(['Aino', 'aino', ' AINO ', 'Ａｉｎｏ'])('knows the same person as %s', async (username) => {
    const visitor = app.visitor();
    expect((await visitor.send('POST', '/api/auth/login', { username, password: PASSWORD })).status).toBe(
      200,
    );
    expect((await visitor.request('/api/media')).status).toBe(200);
  });

  it('says the same of an unknown user and a wrong password', async () => {
    const attempts = [
      { username: 'Aino', password: 'not this one' },
      { username: 'Nobody', password: 'not this one' },
    ];
    for (const attempt of attempts) {
      const response = await app.visitor().send('POST', '/api/auth/login', attempt);
      expect(response.status).toBe(401);
      expect(await codeOf(response)).toBe('wrong_credentials');
    }
  });

  it('ends a session for good: its cookie is worth nothing afterwards', async () => {
    const visitor = app.visitor();
    await visitor.send('POST', '/api/auth/login', { username: 'Aino', password: PASSWORD });
    const stolen = visitor.cookie();
    expect((await visitor.send('POST', '/api/auth/logout')).status).toBe(204);
    const response = await app.visitor().request('/api/media', { headers: { cookie: stolen } });
    expect(response.status).toBe(401);
    expect(await codeOf(response)).toBe('not_signed_in');
  });

  it('sets a cookie that scripts cannot read and other sites do not send', async () => {
    const response = await app
      .visitor()
      .send('POST', '/api/auth/login', { username: 'Aino', password: PASSWORD });
    const cookie = response.headers.getSetCookie()[0];
    expect(cookie).toMatch(/^session=/);
    expect(cookie).toContain('HttpOnly');
    expect(cookie).toContain('SameSite=Lax');
  });

  it('takes no token of another key, without a signature, or of an unknown session', async () => {
    const token = aino.cookie().slice('session='.length);
    const { payload } = decode(token);
    const [header, body] = token.split('.');
    const none = `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${body}.`;
    const forged = [
      await sign(payload, 'another secret of at least 32 characters'),
      none,
      `${header}.${body}.`,
      'not a token',
      '',
    ];
    for (const value of forged) {
      const response = await app.visitor().request('/api/media', { headers: { cookie: `session=${value}` } });
      expect(response.status).toBe(401);
    }
  });

  it('slides: a session used again after an hour is renewed, one idle for 30 days is over', async () => {
    const visitor = app.visitor();
    await visitor.send('POST', '/api/auth/login', { username: 'Aino', password: PASSWORD });
    const [, body = ''] = visitor.cookie().slice('session='.length).split('.');
    const { sid } = JSON.parse(Buffer.from(body, 'base64url').toString());
    const lastSeen = (age: number) =>
      app.deps.db
        .updateTable('sessions')
        .set({ last_seen_at: new Date(Date.now() - age) })
        .where('id', '=', String(sid))
        .execute();

    await lastSeen(2 * 3_600_000);
    const renewed = await visitor.request('/api/media');
    expect(renewed.headers.getSetCookie()).toHaveLength(1);
    await lastSeen(31 * 24 * 3_600_000);
    expect((await visitor.request('/api/media')).status).toBe(401);
  });
});

describe('in production', () => {
  it('marks the cookie Secure and bound to this host', async () => {
    await using secure = await createTestApp({
      NODE_ENV: 'production',
      SETUP_CODE: 'a code of the test',
      JWT_SECRET: 'x'.repeat(40),
      DATABASE_URL: 'postgres://unused/unused',
    });
    const visitor = await secure.admin();
    expect(visitor.cookie()).toMatch(/^__Host-session=/);
    const response = await secure
      .visitor()
      .send('POST', '/api/auth/login', { username: 'Aino', password: PASSWORD });
    expect(response.headers.getSetCookie()[0]).toContain('Secure');
    expect((await visitor.request('/api/media')).status).toBe(200);
  });
});

describe('bad input', () => {
  let fresh: TestApp;
  beforeAll(async () => {
    fresh = await createTestApp();
  });
  afterAll(() => fresh[Symbol.asyncDispose]());

  it.each([
    ['a', PASSWORD, 'username', 'invalid_field'],
    ['x'.repeat(33), PASSWORD, 'username', 'invalid_field'],
    ['two words', PASSWORD, 'username', 'invalid_field'],
    ['<script>', PASSWORD, 'username', 'invalid_field'],
    ['😀😀', PASSWORD, 'username', 'invalid_field'],
    ['Aino', 'too short', 'password', 'password_too_short'],
    ['Aino', 'ä'.repeat(501), 'password', 'password_too_long'],
    ['Aino', 'Qwertyuiop', 'password', 'password_common'],
    ['Aino', 'aino 1234567', 'password', 'password_common'],
  ])('names the field: username %s, password %s', async (username, password, field, code) => {
    const response = await fresh.visitor().send('POST', '/api/auth/register', { username, password });
    expect(response.status).toBe(422);
    const body = errorBody.parse(await response.json());
    expect(body.code).toBe(code);
    expect(Object.keys(body.details?.fields ?? {})).toEqual([field]);
  });

  it.each([
    ['no body', undefined, 400, 'body_missing'],
    ['half of JSON', '{"username":', 400, 'invalid_json'],
    ['an array', '[]', 422, 'invalid_field'],
    ['a number for a name', '{"username":5,"password":"correct horse"}', 422, 'invalid_field'],
    ['20 kB', JSON.stringify({ username: 'x'.repeat(20_000), password: PASSWORD }), 413, 'body_too_large'],
  ])('answers %s with a 4xx', async (_name, body, status, code) => {
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      ...(body !== undefined && { body }),
    };
    const response = await fresh.visitor().request('/api/auth/register', init);
    expect(response.status).toBe(status);
    expect(await codeOf(response)).toBe(code);
  });

  it('made no account of any of these', async () => {
    expect(await fresh.deps.db.selectFrom('users').select('id').execute()).toEqual([]);
  });
});

describe('requests from elsewhere', () => {
  it.each([
    ['a foreign page', { origin: 'https://evil.example' }],
    ['a foreign page of a modern browser', { 'sec-fetch-site': 'cross-site' }],
    ['a sibling subdomain', { 'sec-fetch-site': 'same-site' }],
    ['a sandboxed frame', { origin: 'null' }],
  ])('change nothing: %s', async (_name, headers) => {
    await using fresh = await createTestApp();
    const response = await fresh.visitor().request('/api/auth/register', {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'Aino', password: PASSWORD }),
    });
    expect(response.status).toBe(403);
    expect(await codeOf(response)).toBe('foreign_origin');
  });
});

describe('the origin of a request, without Sec-Fetch-Site', () => {
  const HOST = new URL(ORIGIN).host;

  /**
   * An answer of 401 has passed the origin check. Without browser headers, only `Origin` decides.
   */
  const login = async (fresh: TestApp, origin: string) => {
    const response = await fresh.visitor().request('/api/auth/login', {
      method: 'POST',
      headers: { origin, host: HOST, 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'Aino', password: PASSWORD }),
    });
    return codeOf(response);
  };

  it.each([
    ['http://meemikansio.test', 'http://meemikansio.test', true],
    ['http://meemikansio.test', 'http://MEEMIKANSIO.test:80', true],
    ['http://meemikansio.test', 'https://meemikansio.test', false],
    ['http://meemikansio.test', 'http://meemikansio.test:8080', false],
    ['http://meemikansio.test', 'ftp://meemikansio.test', false],
    ['https://meemikansio.test', 'https://meemikansio.test', true],
    ['https://meemikansio.test', 'https://meemikansio.test:443', true],
    ['https://meemikansio.test', 'http://meemikansio.test', false],
    ['https://meemikansio.test', 'http://meemikansio.test:443', false],
    ['https://meemikansio.test/folder/', 'https://meemikansio.test', true],
    ['https://meemikansio.test', 'https://meemikansio.test.evil.example', false],
    ['https://meemikansio.test', 'not an origin', false],
    // Behind a proxy the app does not know the scheme of the request.
    ['', 'http://meemikansio.test', true],
    ['', 'https://meemikansio.test', true],
    ['', 'https://evil.example', false],
  ])('with PUBLIC_URL "%s", %s is our own: %s', async (publicUrl, origin, ours) => {
    await using fresh = await createTestApp({ PUBLIC_URL: publicUrl });
    expect(await login(fresh, origin)).toBe(ours ? 'wrong_credentials' : 'foreign_origin');
  });
});
