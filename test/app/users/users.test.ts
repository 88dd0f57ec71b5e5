import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createdInvite } from '../../../app/invites/invites.schema.ts';
import { mediaItem } from '../../../app/media/media.schema.ts';
import { userDetails, userList, type UserDetails } from '../../../app/users/users.schema.ts';
import { createTestApp, PASSWORD, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { outcome } from '../../support/errors.ts';
import { picture } from '../../support/media/pictures.ts';

let app: TestApp;
let aino: Visitor;
let guest: Visitor;
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
});

const people = async (by = aino) => userList.parse(await (await by.request('/api/users')).json()).items;
const find = async (username: string): Promise<UserDetails> =>
  userDetails.parse((await people()).find((one) => one.username === username));
const patch = async (username: string, body: object, by = aino) =>
  by.send('PATCH', `/api/users/${(await find(username)).id}`, body);
const signIn = async (username: string) => {
  const visitor = app.visitor();
  const response = await visitor.send('POST', '/api/auth/login', { username, password: PASSWORD });
  return { visitor, outcome: await outcome(response) };
};

/** The database's clock is this machine's. */
const BEGAN = Date.now() - 1;

describe('people', () => {
  it('are listed by name, with role, state and last use', async () => {
    const all = await people();
    expect(all.map(({ username }) => username)).toEqual(['Aino', ...all.slice(1).map((one) => one.username)]);
    expect(await find('Aino')).toMatchObject({ role: 'admin', disabledAt: null });
    expect(Date.parse((await find(name)).lastSeenAt ?? '')).toBeGreaterThan(BEGAN);
  });

  it('can be made admins and members again, which counts at the next request', async () => {
    expect((await guest.request('/api/users')).status).toBe(403);
    expect(await (await patch(name, { role: 'admin' })).json()).toMatchObject({ role: 'admin' });
    expect((await guest.request('/api/users')).status).toBe(200);
    expect(await (await patch(name, { role: 'member' })).json()).toMatchObject({ role: 'member' });
    expect((await guest.request('/api/users')).status).toBe(403);
  });
});

describe('a disabled person', () => {
  it('is refused at once, running session and sign-in alike, until enabled; the old session stays dead', async () => {
    const phone = (await signIn(name)).visitor;
    expect((await patch(name, { disabled: true })).status).toBe(200);
    for (const visitor of [guest, phone])
      expect(await outcome(await visitor.request('/api/media'))).toBe('401 not_signed_in');
    expect((await signIn(name)).outcome).toBe('401 wrong_credentials');
    expect((await find(name)).disabledAt).not.toBeNull();

    expect((await patch(name, { disabled: false })).status).toBe(200);
    expect((await guest.request('/api/media')).status).toBe(401);
    expect((await signIn(name)).outcome).toBe('200');
  });

  it('leaves pictures behind and takes open invites along', async () => {
    const item = mediaItem.parse(await (await guest.upload(await picture(), 'meme.png')).json());
    const { code } = createdInvite.parse(await (await guest.send('POST', '/api/invites', {})).json());
    await patch(name, { disabled: true });
    expect((await aino.request(`/api/media/${item.id}`)).status).toBe(200);
    const check = await app.visitor().send('POST', '/api/invites/check', { code });
    expect(await outcome(check)).toBe('410 invite_revoked');
  });

  it('who was an admin is not counted as one', async () => {
    await patch(name, { role: 'admin' });
    await patch(name, { disabled: true });
    expect(await outcome(await patch('Aino', { role: 'member' }))).toBe('409 last_admin');
  });
});

describe('the last admin', () => {
  it.each([{ role: 'member' }, { disabled: true }, { role: 'member', disabled: true }])(
    'cannot be taken away by %j',
    async (body) => {
      expect(await outcome(await patch('Aino', body))).toBe('409 last_admin');
      expect(await find('Aino')).toMatchObject({ role: 'admin', disabledAt: null });
    },
  );

  it.each([
    ['demote each other', { role: 'member' }],
    ['disable each other', { disabled: true }],
  ] as const)('remains when two admins %s at the same time', async (_what, body) => {
    const { db, users } = app.deps;
    const ids = [(await find('Aino')).id, (await find(name)).id];
    for (let round = 0; round < 10; round++) {
      await db.updateTable('users').set({ role: 'member' }).execute();
      await db
        .updateTable('users')
        .set({ role: 'admin', disabled_at: null })
        .where('id', 'in', ids)
        .execute();
      const results = await Promise.allSettled(ids.map((id) => users.update(id, body, null)));
      expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      const admins = (await users.list()).filter((one) => one.role === 'admin' && one.disabledAt === null);
      expect(admins).toHaveLength(1);
    }
    // Restores the state for the next tests.
    await db
      .updateTable('users')
      .set({ role: 'admin', disabled_at: null })
      .where('username', '=', 'Aino')
      .execute();
    aino = app.visitor();
    await aino.send('POST', '/api/auth/login', { username: 'Aino', password: PASSWORD });
  });
});

describe('bad input', () => {
  it.each([
    [{ role: 'owner' }, '422 invalid_field'],
    [{ disabled: 'yes' }, '422 invalid_field'],
    [[], '422 invalid_field'],
  ])('%j is refused', async (body, expected) => {
    expect(await outcome(await patch(name, body))).toBe(expected);
  });

  it('says that there is no such person', async () => {
    for (const id of ['01900000-0000-7000-8000-000000000000', 'not-an-id'])
      expect(await outcome(await aino.send('PATCH', `/api/users/${id}`, { disabled: true }))).toBe(
        '404 not_found',
      );
  });
});
