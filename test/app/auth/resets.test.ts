import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { resetInfo } from '../../../app/auth/auth.schema.ts';
import { userList, resetLink } from '../../../app/users/users.schema.ts';
import { createTestApp, ORIGIN, PASSWORD, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { outcome } from '../../support/errors.ts';

const NEW = 'something else entirely';
let app: TestApp;
let aino: Visitor;
let guest: Visitor;
let id: string;
let name: string;
let count = 0;
beforeAll(async () => {
  app = await createTestApp();
  aino = await app.admin();
});
afterAll(() => app[Symbol.asyncDispose]());
beforeEach(async () => {
  name = `guest-${count++}`;
  guest = await app.member(aino, name);
  const { items } = userList.parse(await (await aino.request('/api/users')).json());
  id = items.find(({ username }) => username === name)?.id ?? '';
});

const newLink = async () => resetLink.parse(await (await aino.send('POST', `/api/users/${id}/reset`)).json());
const use = (code: string, password = NEW) =>
  app.visitor().send('POST', '/api/auth/reset', { code, password });

describe('a reset link', () => {
  it('names the account, sets a new password once, ends every session and signs in', async () => {
    const before = Date.now() - 1;
    const { code, link, expiresAt } = await newLink();
    expect(link).toBe(`${ORIGIN}/reset/${code}`);
    expect(Date.parse(expiresAt)).toBeGreaterThan(before + 24 * 3_600_000);
    const info = await app.visitor().send('POST', '/api/auth/reset/check', { code });
    expect(resetInfo.parse(await info.json())).toMatchObject({ username: name });

    const visitor = app.visitor();
    expect((await visitor.send('POST', '/api/auth/reset', { code, password: NEW })).status).toBe(200);
    expect((await visitor.request('/api/media')).status).toBe(200);
    expect((await guest.request('/api/media')).status).toBe(401);
    const login = (password: string) =>
      app.visitor().send('POST', '/api/auth/login', { username: name, password });
    expect(await outcome(await login(PASSWORD))).toBe('401 wrong_credentials');
    expect(await outcome(await login(NEW))).toBe('200');
    expect(await outcome(await use(code, 'a third password'))).toBe('410 reset_used');
  });

  it('is used by exactly one of two who try at once', async () => {
    const { code } = await newLink();
    const outcomes = await Promise.all((await Promise.all([use(code), use(code)])).map(outcome));
    expect(outcomes.toSorted()).toEqual(['200', '410 reset_used']);
  });

  it('runs out', async () => {
    const { code } = await newLink();
    await app.deps.db
      .updateTable('password_resets')
      .set({ expires_at: new Date(0) })
      .execute();
    expect(await outcome(await use(code))).toBe('410 reset_expired');
    expect(await outcome(await app.visitor().send('POST', '/api/auth/reset/check', { code }))).toBe(
      '410 reset_expired',
    );
  });

  it('is replaced by a newer one, and ends when the password is changed or the person disabled', async () => {
    const first = await newLink();
    const second = await newLink();
    expect(await outcome(await use(first.code))).toBe('404 reset_unknown');
    await guest.send('PATCH', '/api/auth/password', { currentPassword: PASSWORD, password: NEW });
    expect(await outcome(await use(second.code))).toBe('404 reset_unknown');
    const third = await newLink();
    await aino.send('PATCH', `/api/users/${id}`, { disabled: true });
    expect(await outcome(await use(third.code))).toBe('404 reset_unknown');
  });

  it('stays good when the new password is refused', async () => {
    const { code } = await newLink();
    expect(await outcome(await use(code, 'short'))).toBe('422 password_too_short');
    expect(await outcome(await use(code, `${name} 2026!`))).toBe('422 password_common');
    expect(await outcome(await use(code))).toBe('200');
  });

  it('is in the database only as a hash', async () => {
    const { code } = await newLink();
    const rows = await app.deps.db.selectFrom('password_resets').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(code);
    expect(rows.at(-1)?.code_hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is not there for a code that nobody made, nor for a person who is not', async () => {
    expect(await outcome(await use('x'.repeat(22)))).toBe('404 reset_unknown');
    expect(await outcome(await use(''))).toBe('422 invalid_field');
    const nobody = '/api/users/01900000-0000-7000-8000-000000000000/reset';
    expect(await outcome(await aino.send('POST', nobody))).toBe('404 not_found');
  });
});
