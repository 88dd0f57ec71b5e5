import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { resetPasskeys, setPassword } from '../../../app/auth/operator.service.ts';
import { meResponse } from '../../../app/auth/auth.schema.ts';
import { passkeyList } from '../../../app/passkeys/passkeys.schema.ts';
import { resetLink, userList } from '../../../app/users/users.schema.ts';
import { outcome } from '../../support/errors.ts';
import { createTestApp, PASSWORD, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { createAuthenticator, type Authenticator } from '../../support/servers/authenticator.ts';
import { addPasskey, beginPasskey, signInBy } from '../../support/servers/passkeys.ts';
import { sample, schema } from '../../support/servers/samples.ts';
import { makeToken, program } from '../../support/servers/tokens.ts';

const SITE = 'https://meemit.test';

let app: TestApp;
let first: Visitor;
let count = 0;
/** An admin beside the first one, who has no passkey yet. */
let admin: Visitor;
let name: string;
let phone: Authenticator;
beforeAll(async () => {
  app = await createTestApp({ OCR: 'off', PUBLIC_URL: SITE, REQUIRE_ADMIN_PASSKEY: 'on' });
  first = await app.admin();
});
afterAll(() => app[Symbol.asyncDispose]());

const me = async (of: Visitor) => meResponse.parse(await (await of.request('/api/auth/me')).json()).user;
const list = async (of: Visitor) => passkeyList.parse(await (await of.request('/api/passkeys')).json()).items;
const look = async (of: Visitor) => outcome(await of.request('/api/media'));
const idOf = async (username: string) =>
  userList
    .parse(await (await first.request('/api/users')).json())
    .items.find((one) => one.username === username)?.id ?? '';
const setRole = async (role: 'admin' | 'member') =>
  outcome(await first.send('PATCH', `/api/users/${await idOf(name)}`, { role }));
/** Signs the admin in by password, in another browser. */
async function byPassword(): Promise<Visitor> {
  const visitor = app.visitor();
  const login = { username: name, password: PASSWORD };
  expect((await visitor.send('POST', '/api/auth/login', login)).status).toBe(200);
  return visitor;
}

it('lets the first admin, who has no passkey, only add one', async () => {
  expect(await me(first)).toMatchObject({ role: 'admin', needsPasskey: 'add' });
  const body = (json: unknown) => json && sample(schema.parse(json), randomUUID());
  const open = [];
  for (const { method, path, requestBody, 'x-access': access } of await app.operations()) {
    if (access === 'open') continue;
    const address = path.replaceAll('{id}', randomUUID()).replace(/\{\w+\}/g, 'kissa');
    const json = requestBody?.content['application/json']?.schema;
    // Signing out would end the session that the rest is asked with.
    const answer =
      path === '/api/auth/logout' ? 'free' : await outcome(await first.send(method, address, body(json)));
    if (answer !== '403 passkey_required') open.push(`${method} ${path}`);
  }
  expect(open.toSorted()).toEqual([
    'GET /api/passkeys',
    'POST /api/auth/logout',
    'POST /api/passkeys',
    'POST /api/passkeys/options',
  ]);
  await addPasskey(first, createAuthenticator(SITE));
  expect(await me(first)).not.toHaveProperty('needsPasskey');
  expect(await look(first)).toBe('200');
});

describe('an admin of whom a passkey is required', () => {
  beforeEach(async () => {
    await app.deps.db.deleteFrom('rate_limits').execute();
    name = `admin-${count++}`;
    admin = await app.member(first, name);
    expect(await look(admin)).toBe('200');
    expect(await setRole('admin')).toBe('200');
    phone = createAuthenticator(SITE);
  });

  it('lacks one from the moment of the role on, in sessions from before, too', async () => {
    expect(await me(admin)).toMatchObject({ role: 'admin', needsPasskey: 'add' });
    expect(await look(admin)).toBe('403 passkey_required');
    expect(await setRole('member')).toBe('200');
    expect(await look(admin)).toBe('200');
  });

  it('uses it: a password alone opens nothing, and adds no other one', async () => {
    await addPasskey(admin, phone);
    expect(await look(admin)).toBe('200');
    const thief = await byPassword();
    expect(await me(thief)).toMatchObject({ needsPasskey: 'use' });
    expect(await look(thief)).toBe('403 passkey_required');
    const begun = await thief.send('POST', '/api/passkeys/options', { currentPassword: PASSWORD });
    expect(await outcome(begun)).toBe('403 passkey_required');
    const [passkey] = await list(admin);
    for (const method of ['PATCH', 'DELETE'])
      expect(await outcome(await thief.send(method, `/api/passkeys/${passkey?.id}`, { name: 'x' }))).toBe(
        '403 passkey_required',
      );
    const change = { currentPassword: PASSWORD, password: 'four words in a row' };
    expect(await outcome(await thief.send('PATCH', '/api/auth/password', change))).toBe(
      '403 passkey_required',
    );
    expect((await signInBy(thief, phone)).status).toBe(200);
    expect(await look(thief)).toBe('200');
  });

  it('is told at sign-in what is lacking', async () => {
    const login = { username: name, password: PASSWORD };
    const told = async () => (await app.visitor().send('POST', '/api/auth/login', login)).json();
    expect(await told()).toMatchObject({ username: name, needsPasskey: 'add' });
    await addPasskey(admin, phone);
    expect(await told()).toMatchObject({ username: name, needsPasskey: 'use' });
    expect(await (await signInBy(app.visitor(), phone)).json()).not.toHaveProperty('needsPasskey');
  });

  it('uses it also in sessions that are older than the passkey, and may sign out of them', async () => {
    const older = await byPassword();
    await addPasskey(admin, phone);
    expect(await look(older)).toBe('403 passkey_required');
    expect((await older.send('POST', '/api/auth/logout')).status).toBe(204);
    expect(await me(older)).toBeNull();
  });

  it('adds the first one in one of two sessions that have begun to', async () => {
    const other = await byPassword();
    const response = createAuthenticator(SITE).create(await beginPasskey(other));
    await addPasskey(admin, phone);
    const late = await other.send('POST', '/api/passkeys', { name: 'thief', response });
    expect(await outcome(late)).toBe('403 passkey_required');
    expect(await list(admin)).toHaveLength(1);
  });

  it('adds further ones in a session that has used one, and keeps the last', async () => {
    await addPasskey(admin, phone);
    await addPasskey(admin, createAuthenticator(SITE), 'key ring');
    const [second, earlier] = await list(admin);
    expect((await admin.send('DELETE', `/api/passkeys/${second?.id}`)).status).toBe(204);
    const last = await admin.send('DELETE', `/api/passkeys/${earlier?.id}`);
    expect(await outcome(last)).toBe('409 passkey_last');
    expect(await list(admin)).toMatchObject([{ id: earlier?.id }]);
  });

  it.each([
    [
      'the link of another admin',
      async () => {
        const made = await first.send('POST', `/api/users/${await idOf(name)}/reset`);
        const { code } = resetLink.parse(await made.json());
        const visitor = app.visitor();
        const used = await visitor.send('POST', '/api/auth/reset', { code, password: PASSWORD });
        expect(await used.json()).toMatchObject({ needsPasskey: 'use' });
        return visitor;
      },
    ],
    [
      'the operator',
      async () => {
        await setPassword(app.deps.db, name, PASSWORD, true);
        return byPassword();
      },
    ],
  ])('keeps it when %s sets the password', async (_, reset) => {
    await addPasskey(admin, phone);
    const visitor = await reset();
    expect(await look(visitor)).toBe('403 passkey_required');
    expect(await list(visitor)).toHaveLength(1);
    expect((await signInBy(visitor, phone)).status).toBe(200);
    expect(await look(visitor)).toBe('200');
  });

  it('needs it for API tokens, whatever their scopes', async () => {
    const ask = async (token: string) =>
      outcome(await program(app, `Bearer ${token}`).send('GET', '/api/media'));
    await setRole('member');
    const { token: before } = await makeToken(admin, ['read', 'upload']);
    expect(await ask(before)).toBe('200');
    await setRole('admin');
    expect(await ask(before)).toBe('403 passkey_required');
    await addPasskey(admin, phone);
    expect(await ask(before)).toBe('403 passkey_required');
    const { token } = await makeToken(admin, ['read', 'admin']);
    expect(await ask(token)).toBe('200');
  });

  it('gets in again by the operator, who takes the lost one', async () => {
    await addPasskey(admin, phone);
    const { token } = await makeToken(admin, ['read']);
    expect(await resetPasskeys(app.deps.db, name)).toMatchObject({ user: { username: name }, removed: 1 });
    expect(await look(admin)).toBe('401 not_signed_in');
    expect((await program(app, `Bearer ${token}`).send('GET', '/api/media')).status).toBe(401);
    expect(await outcome(await signInBy(app.visitor(), phone))).toBe('401 passkey_refused');
    const again = await byPassword();
    expect(await me(again)).toMatchObject({ needsPasskey: 'add' });
    await addPasskey(again, createAuthenticator(SITE));
    expect(await look(again)).toBe('200');
  });
});

it('asks nothing of members, who may remove their last passkey', async () => {
  const member = await app.member(first, 'member');
  const { id } = await addPasskey(member, createAuthenticator(SITE));
  name = 'member';
  expect(await look(await byPassword())).toBe('200');
  expect((await member.send('DELETE', `/api/passkeys/${id}`)).status).toBe(204);
});
