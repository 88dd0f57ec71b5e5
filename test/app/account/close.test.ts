import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { closeAccounts } from '../../../app/account/closed-accounts.service.ts';
import type { ItemsOfClosed } from '../../../app/account/account.schema.ts';
import { meResponse } from '../../../app/auth/auth.schema.ts';
import { collection } from '../../../app/collections/collections.schema.ts';
import { isAccountGone } from '../../../app/db/account-gone.ts';
import { createdInvite, inviteList } from '../../../app/invites/invites.schema.ts';
import { mediaItem, mediaList, type MediaItem } from '../../../app/media/media.schema.ts';
import { shareAnswer } from '../../../app/shares/shares.schema.ts';
import { resetLink, userList } from '../../../app/users/users.schema.ts';
import { fillFolder } from '../../support/databases/fill-library.ts';
import { outcome } from '../../support/errors.ts';
import { picture } from '../../support/media/pictures.ts';
import { createTestApp, PASSWORD, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { makeToken, program, programOf } from '../../support/servers/tokens.ts';

let app: TestApp;
let aino: Visitor;
let member: Visitor;
let name: string;
let count = 0;
beforeAll(async () => {
  app = await createTestApp({ OCR: 'off' });
  aino = await app.admin();
});
afterAll(() => app[Symbol.asyncDispose]());
beforeEach(async () => {
  name = `lähtijä-${(count += 1)}`;
  member = await app.member(aino, name);
});

const close = (by: Visitor, items: ItemsOfClosed = 'admin', currentPassword = PASSWORD) =>
  by.send('POST', '/api/account/close', { currentPassword, items });
const me = async (by: Visitor) => meResponse.parse(await (await by.request('/api/auth/me')).json()).user;
const idOf = async (by: Visitor) => (await me(by))?.id ?? '';
const get = async (id: string, by = aino) =>
  mediaItem.parse(await (await by.request(`/api/media/${id}`)).json());
const upload = async (by: Visitor, title: string): Promise<MediaItem> =>
  mediaItem.parse(await (await by.upload(await picture(), 'meme.png', { title })).json());
const people = async () => userList.parse(await (await aino.request('/api/users')).json()).items;
const exists = async (id: string) =>
  (await app.deps.db.selectFrom('users').select('id').where('id', '=', id).execute()).length > 0;
const login = async (username: string) =>
  outcome(await app.visitor().send('POST', '/api/auth/login', { username, password: PASSWORD }));

describe('POST /api/account/close', () => {
  it('asks for the password, and is for browsers only', async () => {
    expect(await outcome(await close(member, 'admin', 'not the password'))).toBe('422 wrong_password');
    expect(
      await outcome(await member.send('POST', '/api/account/close', { currentPassword: PASSWORD })),
    ).toBe('422 invalid_field');
    const bot = await programOf(app, member, 'read', 'upload', 'edit');
    const wanted = { currentPassword: PASSWORD, items: 'trash' };
    expect(await outcome(await bot.send('POST', '/api/account/close', wanted))).toBe('403 token_not_allowed');
    expect(await me(member)).toMatchObject({ username: name });
    for (let i = 0; i < 9; i += 1) await close(member, 'admin', 'not the password');
    expect(await outcome(await close(member))).toBe('429 too_many_attempts');
    await app.deps.db.deleteFrom('rate_limits').execute();
  });

  it('ends every way in and out at once: sessions, tokens, links, invites, resets', async () => {
    const id = await idOf(member);
    const { token } = await makeToken(member, ['read']);
    const phone = app.visitor();
    await phone.send('POST', '/api/auth/login', { username: name, password: PASSWORD });
    const item = await upload(member, 'ennen');
    const shared = await member.send('POST', '/api/shares', { itemIds: [item.id] });
    const { share } = shareAnswer.parse(await shared.json());
    const invited = createdInvite.parse(await (await member.send('POST', '/api/invites', {})).json());
    const reset = resetLink.parse(await (await aino.send('POST', `/api/users/${id}/reset`)).json());

    const answer = await close(member);
    expect(answer.status).toBe(204);
    expect(answer.headers.getSetCookie().join()).toMatch(/^session=;/);
    expect(await me(phone)).toBeNull();
    expect((await program(app, `Bearer ${token}`).send('GET', '/api/media')).status).toBe(401);
    expect(await login(name)).toBe('401 wrong_credentials');
    expect((await app.visitor().request(`/s/${share.code}`)).status).toBe(410);
    const guest = app.visitor();
    const joins = { username: 'vieras', password: PASSWORD, invite: invited.code };
    expect(await outcome(await guest.send('POST', '/api/auth/register', joins))).toBe('410 invite_revoked');
    const body = { code: reset.code, password: 'another good password' };
    expect(await outcome(await guest.send('POST', '/api/auth/reset', body))).toBe('404 reset_unknown');
    // An administrator cannot bring the account back.
    expect((await people()).map(({ username }) => username)).not.toContain(name);
    const enabled = await aino.send('PATCH', `/api/users/${id}`, { disabled: false });
    expect(await outcome(enabled)).toBe('404 not_found');
    expect(await outcome(await aino.send('POST', `/api/users/${id}/reset`))).toBe('404 not_found');
    await closeAccounts(app.deps);
    expect(await exists(id)).toBe(false);
  });

  it('keeps the last admin, also of two who leave at the same moment', async () => {
    const before = await app.deps.db.selectFrom('users').selectAll().orderBy('id').execute();
    expect(await outcome(await close(aino))).toBe('409 last_admin');
    expect(await app.deps.db.selectFrom('users').selectAll().orderBy('id').execute()).toEqual(before);

    const other = await createTestApp({ OCR: 'off' });
    try {
      const first = await other.admin();
      const second = await other.member(first, 'Toinen');
      await other.deps.db.updateTable('users').set({ role: 'admin' }).execute();
      const answers = await Promise.all([first, second].map(async (one) => outcome(await close(one))));
      expect(answers.toSorted()).toEqual(['204', '409 last_admin']);
      await closeAccounts(other.deps);
      expect((await other.deps.db.selectFrom('users').selectAll().execute()).length).toBe(1);
    } finally {
      await other[Symbol.asyncDispose]();
    }
  });
});

describe('a closed account', () => {
  it('leaves its items to the admin of longest standing, if it wants so', async () => {
    const id = await idOf(member);
    const ainoId = await idOf(aino);
    const younger = await app.member(aino, `nuorempi-${count}`);
    await app.deps.db
      .updateTable('users')
      .set({ role: 'admin' })
      .where('id', '=', await idOf(younger))
      .execute();
    const [kept, gone] = [await upload(member, 'jää kansioon'), await upload(member, 'oli roskissa')];
    await member.send('DELETE', `/api/media/${gone.id}`);
    const deletedAt = (await get(gone.id)).deletedAt;

    await close(member, 'admin');
    await closeAccounts(app.deps);
    expect(await exists(id)).toBe(false);
    expect(await get(kept.id)).toMatchObject({
      url: kept.url,
      deletedAt: null,
      owner: { id: ainoId, username: 'Aino' },
    });
    expect((await app.visitor().request(kept.url)).status).toBe(200);
    expect(await get(gone.id)).toMatchObject({ deletedAt, owner: { id: ainoId } });
    const found = await aino.request('/api/media?q=j%C3%A4%C3%A4&by=Aino');
    expect(mediaList.parse(await found.json()).items.map((one) => one.id)).toEqual([kept.id]);
  });

  it('moves its items to the trash, if it wants so: their addresses end, and an admin may restore them', async () => {
    const item = await upload(member, 'roskiin');
    await close(member, 'trash');
    await closeAccounts(app.deps);
    expect((await get(item.id)).deletedAt).not.toBeNull();
    expect((await app.visitor().request(item.url)).status).toBe(404);
    const restored = await aino.send('POST', `/api/media/${item.id}/restore`);
    expect(mediaItem.parse(await restored.json())).toMatchObject({
      deletedAt: null,
      owner: { username: 'Aino' },
    });
  });

  it('leaves collections with the places of their items, and takes favourites, invites and links along', async () => {
    const ainoId = await idOf(aino);
    const other = await app.member(aino, `toinen-${count}`);
    const [own, foreign] = [await upload(member, 'oma'), await upload(other, 'vieras')];
    const make = async (by: Visitor, of: string) =>
      collection.parse(await (await by.send('POST', '/api/collections', { name: of })).json()).id;
    const [mine, theirs] = [await make(member, `oma ${count}`), await make(other, `vieras ${count}`)];
    for (const id of [mine, theirs])
      await member.send('POST', `/api/collections/${id}/items`, { ids: [own.id, foreign.id] });
    const places = () =>
      app.deps.db
        .selectFrom('collection_items')
        .select(['collection_id', 'media_id', 'place'])
        .where('collection_id', 'in', [mine, theirs])
        .orderBy('collection_id')
        .orderBy('media_id')
        .execute();
    const before = await places();
    expect(before.length).toBe(4);
    await member.send('PUT', '/api/favourites', { ids: [foreign.id], favourite: true });
    expect((await get(foreign.id)).favourites).toBe(1);
    const guestInvite = createdInvite.parse(await (await member.send('POST', '/api/invites', {})).json());
    const joins = { username: `kutsuttu-${count}`, password: PASSWORD, invite: guestInvite.code };
    expect((await app.visitor().send('POST', '/api/auth/register', joins)).status).toBe(201);

    await close(member, 'admin');
    await closeAccounts(app.deps);
    expect(await places()).toEqual(before);
    const owners = await app.deps.db
      .selectFrom('collections')
      .select(['id', 'owner_id'])
      .where('id', 'in', [mine, theirs])
      .execute();
    expect(new Map(owners.map((row) => [row.id, row.owner_id]))).toEqual(
      new Map([
        [mine, ainoId],
        [theirs, await idOf(other)],
      ]),
    );
    expect((await get(foreign.id)).favourites).toBe(0);
    const invites = inviteList.parse(await (await aino.request('/api/invites')).json()).items;
    expect(invites.map((one) => one.id)).not.toContain(guestInvite.id);
    expect(invites.map((one) => one.usedBy)).not.toContain(name);
    expect(await login(`kutsuttu-${count}`)).toBe('200');
    // The name is free.
    expect(await me(await app.member(aino, name))).toMatchObject({ username: name });
  });

  it('is deleted by the job of its request, which ends the file addresses that its links were to end', async () => {
    await using working = await createTestApp({ OCR: 'off' });
    const admin = await working.admin();
    const leaver = await working.member(admin, 'Lähtijä');
    const item = await upload(leaver, 'osoite päättyy');
    const body = { itemIds: [item.id], expires: 'week', endFileAddress: true };
    expect((await leaver.send('POST', '/api/shares', body)).status).toBe(201);
    await working.work();
    await close(leaver, 'admin');
    await expect.poll(async () => (await get(item.id, admin)).owner.username).toBe('Aino');
    await expect.poll(async () => (await working.visitor().request(item.url)).status).toBe(404);
    expect((await get(item.id, admin)).url).not.toBe(item.url);
    const { db } = working.deps;
    await expect.poll(async () => (await db.selectFrom('users').select('id').execute()).length).toBe(1);
  });

  it('goes on after an interruption, in parts', async () => {
    const id = await idOf(member);
    const items = Array.from({ length: 450 }, (_, i) => ({ title: `paljon ${i}`, deleted: i % 9 === 0 }));
    await fillFolder(app.deps.db, id, items);
    await sql`insert into favourites (media_id, user_id) select id, owner_id from media where owner_id = ${id}`.execute(
      app.deps.db,
    );
    const left = async () =>
      (await app.deps.db.selectFrom('media').select('id').where('owner_id', '=', id).execute()).length;
    await close(member, 'trash');

    const { signal } = new AbortController();
    let parts = 0;
    // The favourites take three parts and a look; the items stop after their first part.
    vi.spyOn(signal, 'throwIfAborted').mockImplementation(() => {
      parts += 1;
      if (parts > 5) throw new DOMException('stopped', 'AbortError');
    });
    await expect(closeAccounts(app.deps, signal)).rejects.toThrow('stopped');
    expect(await left()).toBe(250);
    expect(await exists(id)).toBe(true);
    expect(await closeAccounts(app.deps)).toBe(1);
    expect(await left()).toBe(0);
    expect(await exists(id)).toBe(false);
    expect(await closeAccounts(app.deps)).toBe(0);
    const counted = await app.deps.db
      .selectFrom('media')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('title', 'like', 'paljon %')
      .where('deleted_at', 'is not', null)
      .executeTakeFirstOrThrow();
    expect(counted.count).toBe(450);
  });

  it('stores nothing new: a request under way is refused as one without a session', async () => {
    const id = await idOf(member);
    const item = await upload(aino, 'yhä täällä');
    await close(member);
    await closeAccounts(app.deps);
    const gone = { id, role: 'member' } as const;
    const error = await app.deps.favourites
      .change({ ids: [item.id], favourite: true }, gone)
      .catch((thrown: unknown) => thrown);
    expect(isAccountGone(error)).toBe(true);
    const wanted = { name: { name: `myöhässä ${count}`, key: randomUUID() }, description: '' };
    const late = await app.deps.collections
      .create({ ...wanted, sort: 'hand' }, gone)
      .catch((thrown: unknown) => thrown);
    expect(isAccountGone(late)).toBe(true);
    expect(isAccountGone(new Error('another'))).toBe(false);
  });
});

it('knows every table that refers to accounts', async () => {
  const { rows } = await sql<{ name: string; action: string }>`
    select conname as name, confdeltype as action from pg_constraint
    where confrelid = 'users'::regclass and contype = 'f' order by conname`.execute(app.deps.db);
  const found = z.array(z.object({ name: z.string(), action: z.string() })).parse(rows);
  const kept = found.filter(({ action }) => action !== 'c').map((one) => one.name);
  // app/account/closed-accounts.service.ts gives these to an admin, or deletes them.
  expect(kept).toEqual([
    'collection_items_added_by_fkey',
    'collections_owner_id_fkey',
    'invites_created_by_fkey',
    'invites_used_by_fkey',
    'media_owner_id_fkey',
  ]);
});
