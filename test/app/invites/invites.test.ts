import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createdInvite,
  inviteInfo,
  inviteList,
  type InviteItem,
} from '../../../app/invites/invites.schema.ts';
import { createTestApp, ORIGIN, PASSWORD, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { outcome } from '../../support/errors.ts';

const DAY = 24 * 3_600_000;
let app: TestApp;
let aino: Visitor;
let member: Visitor;
beforeAll(async () => {
  app = await createTestApp();
  aino = await app.admin();
  member = await app.member(aino, 'Louhi');
});
afterAll(() => app[Symbol.asyncDispose]());

const invite = async (by: Visitor, body: object = {}) =>
  createdInvite.parse(await (await by.send('POST', '/api/invites', body)).json());
const listOf = async (by: Visitor) => inviteList.parse(await (await by.request('/api/invites')).json());
const find = async (id: string): Promise<InviteItem | undefined> =>
  (await listOf(aino)).items.find((item) => item.id === id);
const check = (code: string) => app.visitor().send('POST', '/api/invites/check', { code });
const join = (username: string, code: unknown) =>
  app.visitor().send('POST', '/api/auth/register', { username, password: PASSWORD, invite: code });
const expire = (id: string) =>
  app.deps.db
    .updateTable('invites')
    .set({ expires_at: new Date(0) })
    .where('id', '=', id)
    .execute();

describe('an invite', () => {
  it('is a link, good for 7 days unless said otherwise, with a note', async () => {
    const before = Date.now() - 1;
    const usual = await invite(aino);
    const after = Date.now() + 1;
    expect(usual.link).toBe(`${ORIGIN}/join/${usual.code}`);
    expect(usual.code).toMatch(/^[\w-]{22}$/);
    expect(Date.parse(usual.expiresAt)).toBeGreaterThan(before + 7 * DAY);
    expect(Date.parse(usual.expiresAt)).toBeLessThan(after + 7 * DAY);
    const special = await invite(aino, { note: '  for Väinö ', expiresInDays: 30 });
    expect(special.note).toBe('for Väinö');
    expect(Date.parse(special.expiresAt)).toBeGreaterThan(before + 30 * DAY);
    expect(await find(special.id)).toMatchObject({
      note: 'for Väinö',
      state: 'open',
      createdBy: 'Aino',
      usedBy: null,
    });
  });

  it('says who invites before anything is filled in', async () => {
    const { code } = await invite(member);
    expect(inviteInfo.parse(await (await check(code)).json()).invitedBy).toBe('Louhi');
  });

  it('lets one person in, once', async () => {
    const { id, code } = await invite(aino);
    const response = await join('Ilmari', code);
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({ username: 'Ilmari', role: 'member' });
    expect(await find(id)).toMatchObject({ state: 'used', usedBy: 'Ilmari' });
    expect(await outcome(await join('Tapio', code))).toBe('410 invite_used');
    expect(await outcome(await check(code))).toBe('410 invite_used');
    expect(await outcome(await aino.send('DELETE', `/api/invites/${id}`))).toBe('410 invite_used');
  });

  it('lets exactly one in of several who use it at once, and leaves no trace of the others', async () => {
    const { code } = await invite(aino);
    const racers = ['r-one', 'r-two', 'r-three', 'r-four'].map((name) => join(name, code));
    const outcomes = await Promise.all((await Promise.all(racers)).map(outcome));
    expect(outcomes.toSorted()).toEqual(['201', '410 invite_used', '410 invite_used', '410 invite_used']);
    const made = await app.deps.db
      .selectFrom('users')
      .select('id')
      .where('username', 'like', 'r-%')
      .execute();
    expect(made).toHaveLength(1);
  });

  it('is in the database only as a hash', async () => {
    const { code } = await invite(aino);
    expect(JSON.stringify(await app.deps.db.selectFrom('invites').selectAll().execute())).not.toContain(code);
    expect(JSON.stringify(await listOf(aino))).not.toContain(code);
  });

  it('is worth nothing when it has run out', async () => {
    const { id, code } = await invite(aino);
    await expire(id);
    expect(await outcome(await join('late', code))).toBe('410 invite_expired');
    expect(await outcome(await check(code))).toBe('410 invite_expired');
    expect(await find(id)).toMatchObject({ state: 'expired' });
  });

  it('can be taken back by the one who made it, or an admin, more than once', async () => {
    for (const by of [member, aino, member]) {
      const { id, code } = await invite(member);
      expect(await outcome(await by.send('DELETE', `/api/invites/${id}`))).toBe('204');
      expect(await outcome(await by.send('DELETE', `/api/invites/${id}`))).toBe('204');
      expect(await outcome(await join('turned-away', code))).toBe('410 invite_revoked');
      expect(await find(id)).toMatchObject({ state: 'revoked' });
    }
    const theirs = await invite(aino);
    expect(await outcome(await member.send('DELETE', `/api/invites/${theirs.id}`))).toBe('403 not_allowed');
  });

  it.each([
    ['an unknown code', 'x'.repeat(22), '404 invite_unknown'],
    ['something that looks like SQL', "' or 1=1 --", '404 invite_unknown'],
    ['no code', undefined, '403 registration_closed'],
    ['an empty code', '', '422 invalid_field'],
    ['a number', 5, '422 invalid_field'],
    ['a very long code', 'x'.repeat(201), '422 invalid_field'],
  ])('does not exist for %s', async (_what, code, expected) => {
    expect(await outcome(await join('nobody', code))).toBe(expected);
  });

  it.each([
    [{ note: 'x'.repeat(101) }],
    [{ note: 5 }],
    [{ expiresInDays: 0 }],
    [{ expiresInDays: 91 }],
    [{ expiresInDays: 1.5 }],
    [{ expiresInDays: '7' }],
  ])('is not made of %j', async (body) => {
    expect(await outcome(await aino.send('POST', '/api/invites', body))).toBe('422 invalid_field');
  });
});

describe('the list', () => {
  it('shows a member the own ones, an admin all', async () => {
    const mine = await invite(member, { note: 'mine' });
    const theirs = await invite(aino, { note: 'theirs' });
    const shown = (await listOf(member)).items;
    expect(shown.map(({ id }) => id)).toContain(mine.id);
    expect(shown.map(({ id }) => id)).not.toContain(theirs.id);
    expect(shown.every(({ createdBy }) => createdBy === 'Louhi')).toBe(true);
    const all = (await listOf(aino)).items.map(({ id }) => id);
    expect(all).toEqual(expect.arrayContaining([mine.id, theirs.id]));
    expect(all.slice(0, 2)).toEqual([theirs.id, mine.id]);
  });
});

describe('the setting', () => {
  it('turns members’ invites off and on; what is out stays good', async () => {
    const before = await invite(member);
    expect((await listOf(member)).mayInvite).toBe(true);
    await aino.send('PATCH', '/api/admin/settings', { membersMayInvite: false });
    expect((await listOf(member)).mayInvite).toBe(false);
    expect((await listOf(aino)).mayInvite).toBe(true);
    expect(await outcome(await member.send('POST', '/api/invites', {}))).toBe('403 invites_closed');
    expect(await outcome(await aino.send('POST', '/api/invites', {}))).toBe('201');
    expect(await outcome(await check(before.code))).toBe('200');
    await aino.send('PATCH', '/api/admin/settings', { membersMayInvite: true });
    expect(await outcome(await member.send('POST', '/api/invites', {}))).toBe('201');
  });
});
