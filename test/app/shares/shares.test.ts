import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorBody } from '../../../app/http/errors.schema.ts';
import { mediaItem } from '../../../app/media/media.schema.ts';
import { endExpiredAddresses } from '../../../app/shares/end-addresses.service.ts';
import {
  SHARE_CODE,
  shareAnswer,
  shareList,
  sharesRevoked,
  type Share,
} from '../../../app/shares/shares.schema.ts';
import { createTestApp, ORIGIN, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { picture } from '../../support/media/pictures.ts';

let app: TestApp;
let aino: Visitor;
let ilmari: Visitor;
beforeAll(async () => {
  app = await createTestApp();
  aino = await app.admin();
  ilmari = await app.member(aino, 'Ilmari');
});
afterAll(() => app[Symbol.asyncDispose]());

const upload = async (by: Visitor, title = '') =>
  mediaItem.parse(await (await by.upload(await picture(), 'meme.png', { title })).json()).id;

async function share(by: Visitor, body: unknown): Promise<Share> {
  const response = await by.send('POST', '/api/shares', body);
  expect(response.status).toBe(201);
  return shareAnswer.parse(await response.json()).share;
}

async function detail(by: Visitor, code: string) {
  const response = await by.request(`/api/shares/${code}`);
  expect(response.status).toBe(200);
  return shareAnswer.parse(await response.json()).share;
}

async function list(by: Visitor, query = '') {
  const response = await by.request(`/api/shares${query}`);
  expect(response.status).toBe(200);
  return shareList.parse(await response.json());
}

const errorOf = async (response: Response) => ({
  status: response.status,
  code: errorBody.parse(await response.json()).code,
});

/** Lets the share's lifetime be over. */
const expire = (code: string) =>
  app.deps.db
    .updateTable('shares')
    .set({ expires_at: sql`now() - interval '1 second'` })
    .where('code', '=', code)
    .execute();

describe('POST /api/shares', () => {
  it('makes a share with a code of 128 random bits and the address of its page', async () => {
    const id = await upload(ilmari, 'Kissa');
    const made = await share(ilmari, { itemIds: [id] });
    expect(made.code).toMatch(SHARE_CODE);
    expect(made).toMatchObject({
      url: `${ORIGIN}/s/${made.code}`,
      expiresAt: null,
      showSharer: false,
      sharedBy: { username: 'Ilmari' },
      itemCount: 1,
      items: [{ id, title: 'Kissa', kind: 'image', thumbnailUrl: expect.stringContaining('.webp') }],
      opens: 0,
      lastOpenedAt: null,
      state: 'live',
    });
    expect((await share(ilmari, { itemIds: [id] })).code).not.toBe(made.code);
  });

  it('keeps the order of the items, and shows one that is named twice once', async () => {
    const ids = await Promise.all([1, 2, 3, 4, 5].map(() => upload(ilmari)));
    const order = ids.toReversed();
    const made = await share(ilmari, { itemIds: [...order, ids[0]?.toUpperCase()] });
    expect(made.itemCount).toBe(5);
    expect(made.items.map(({ id }) => id)).toEqual(order.slice(0, 4));
  });

  it.each([
    ['day', 1],
    ['week', 7],
    ['month', 30],
  ] as const)('lets a share live for a %s', async (expires, days) => {
    const made = await share(ilmari, { itemIds: [await upload(ilmari)], expires });
    const lifetime = Date.parse(made.expiresAt ?? '') - Date.parse(made.createdAt);
    expect(lifetime).toBe(days * 24 * 3600 * 1000);
  });

  it('takes 100 items and refuses 101, none, and what is no id', async () => {
    const ids = Array.from({ length: 101 }, () => randomUUID());
    const send = (itemIds: unknown, more = {}) => ilmari.send('POST', '/api/shares', { itemIds, ...more });
    // The form is fine; the items are unknown.
    expect((await send(ids.slice(0, 100))).status).toBe(404);
    for (const wrong of [ids, [], ['x'], 'x', [1], undefined])
      expect(await errorOf(await send(wrong))).toMatchObject({ status: 422, code: 'invalid_field' });
    expect((await send([ids[0]], { expires: 'decade' })).status).toBe(422);
    expect((await ilmari.send('POST', '/api/shares')).status).toBe(400);
  });

  it('shares no item that is unknown or in the trash', async () => {
    const [kept, gone] = [await upload(ilmari), await upload(ilmari)];
    await ilmari.send('DELETE', `/api/media/${gone}`);
    for (const bad of [gone, randomUUID()])
      expect(await errorOf(await ilmari.send('POST', '/api/shares', { itemIds: [kept, bad] }))).toMatchObject(
        {
          status: 404,
          code: 'not_found',
        },
      );
  });
});

describe('POST /api/shares/link', () => {
  const link = async (by: Visitor, itemId: string) => {
    const response = await by.send('POST', '/api/shares/link', { itemId });
    expect(response.status).toBe(200);
    return shareAnswer.parse(await response.json()).share.code;
  };

  it('makes one link of an item for each user, even when asked twice at once', async () => {
    const id = await upload(aino);
    const codes = await Promise.all([link(ilmari, id), link(ilmari, id), link(ilmari, id)]);
    expect(new Set([...codes, await link(ilmari, id)]).size).toBe(1);
    expect(await link(aino, id)).not.toBe(codes[0]);
  });

  it('returns no gallery, no share that expires, and none that was revoked', async () => {
    const [id, other] = [await upload(ilmari), await upload(ilmari)];
    const gallery = await share(ilmari, { itemIds: [id, other] });
    const day = await share(ilmari, { itemIds: [id], expires: 'day' });
    const first = await link(ilmari, id);
    expect([gallery.code, day.code]).not.toContain(first);
    await ilmari.send('DELETE', `/api/shares/${first}`);
    expect(await link(ilmari, id)).not.toBe(first);
  });

  it('answers 404 for a trashed item, also when it has a link', async () => {
    const id = await upload(ilmari);
    await link(ilmari, id);
    await ilmari.send('DELETE', `/api/media/${id}`);
    expect((await ilmari.send('POST', '/api/shares/link', { itemId: id })).status).toBe(404);
  });
});

describe('GET /api/shares', () => {
  it('lists the own shares, newest first, and all of them for an admin', async () => {
    const lemmikki = await app.member(aino, 'Lemmikki');
    const id = await upload(aino);
    const [one, two] = [await share(lemmikki, { itemIds: [id] }), await share(lemmikki, { itemIds: [id] })];
    expect((await list(lemmikki)).shares.map(({ code }) => code)).toEqual([two.code, one.code]);
    expect((await list(aino, '?scope=all')).shares.map(({ code }) => code)).toContain(one.code);
    expect((await list(aino)).shares.map(({ code }) => code)).not.toContain(one.code);
    expect(await errorOf(await lemmikki.request('/api/shares?scope=all'))).toMatchObject({ status: 403 });
  });

  it('lists only the shares that show one item, and only those of the asker', async () => {
    const [one, two] = [await upload(ilmari), await upload(ilmari)];
    const alone = await share(ilmari, { itemIds: [one] });
    const gallery = await share(ilmari, { itemIds: [two, one] });
    await share(ilmari, { itemIds: [two] });
    await share(aino, { itemIds: [one] });
    const codes = async (query: string) => (await list(ilmari, query)).shares.map(({ code }) => code);
    expect(await codes(`?item=${one}`)).toEqual([gallery.code, alone.code]);
    expect(await codes(`?item=${randomUUID()}`)).toEqual([]);
    expect((await list(aino, `?scope=all&item=${one}`)).shares).toHaveLength(3);
    expect((await ilmari.request('/api/shares?item=1')).status).toBe(422);
  });

  it('goes on after a page, without loss or repetition', async () => {
    const lots = await app.member(aino, 'Lots');
    const itemIds = [await upload(lots)];
    const made: string[] = [];
    for (let i = 0; i < 65; i++) made.unshift((await share(lots, { itemIds })).code);
    const seen: string[] = [];
    for (let next: string | null = ''; next !== null;) {
      const page: Awaited<ReturnType<typeof list>> = await list(lots, next && `?cursor=${next}`);
      seen.push(...page.shares.map(({ code }) => code));
      next = page.next;
    }
    expect(seen).toEqual(made);
  });

  it('refuses a forged cursor', async () => {
    for (const cursor of ['x', 'A'.repeat(22), 'ä'])
      expect(await errorOf(await ilmari.request(`/api/shares?cursor=${cursor}`))).toEqual({
        status: 400,
        code: 'invalid_cursor',
      });
    for (const cursor of ['%00', 'x'.repeat(101)])
      expect((await ilmari.request(`/api/shares?cursor=${cursor}`)).status).toBe(422);
  });

  it('tells live, expired, revoked and deleted ones apart', async () => {
    const many = await app.member(aino, 'Many');
    const [kept, gone] = [await upload(many), await upload(many)];
    const [live, expired, revoked, deleted] = [
      await share(many, { itemIds: [kept, gone] }),
      await share(many, { itemIds: [kept], expires: 'day' }),
      await share(many, { itemIds: [kept] }),
      await share(many, { itemIds: [gone] }),
    ];
    await expire(expired.code);
    await many.send('DELETE', `/api/shares/${revoked.code}`);
    await many.send('DELETE', `/api/media/${gone}`);
    const states = new Map((await list(many)).shares.map(({ code, state }) => [code, state]));
    expect([live, expired, revoked, deleted].map(({ code }) => states.get(code))).toEqual([
      'live',
      'expired',
      'revoked',
      'deleted',
    ]);
    expect((await detail(many, live.code)).itemCount).toBe(1);
  });
});

describe('/api/shares/:code', () => {
  it('tells whether another live share shows one of the items', async () => {
    const id = await upload(ilmari);
    const one = await share(ilmari, { itemIds: [id] });
    expect((await detail(ilmari, one.code)).otherShares).toBe(false);
    const two = await share(aino, { itemIds: [await upload(ilmari), id] });
    expect((await detail(ilmari, one.code)).otherShares).toBe(true);
    await aino.send('DELETE', `/api/shares/${two.code}`);
    expect((await detail(ilmari, one.code)).otherShares).toBe(false);
  });

  it('changes lifetime and name, also of an expired share, but of none that was revoked', async () => {
    const made = await share(ilmari, { itemIds: [await upload(ilmari)], expires: 'day' });
    const patch = (body: unknown) => ilmari.send('PATCH', `/api/shares/${made.code}`, body);
    await expire(made.code);
    const changed = shareAnswer.parse(await (await patch({ expires: 'week' })).json()).share;
    expect(changed).toMatchObject({ state: 'live', showSharer: false });
    expect(shareAnswer.parse(await (await patch({ showSharer: true })).json()).share).toMatchObject({
      showSharer: true,
      expiresAt: changed.expiresAt,
    });
    expect(shareAnswer.parse(await (await patch({ expires: 'never' })).json()).share.expiresAt).toBeNull();
    expect((await patch({ expires: 'x' })).status).toBe(422);
    await ilmari.send('DELETE', `/api/shares/${made.code}`);
    expect((await patch({ expires: 'never' })).status).toBe(404);
  });

  it('is for the owner and admins; anything but a code is unknown', async () => {
    const { code } = await share(aino, { itemIds: [await upload(aino)] });
    for (const method of ['GET', 'PATCH', 'DELETE'])
      expect(
        (await ilmari.send(method, `/api/shares/${code}`, method === 'PATCH' ? {} : undefined)).status,
      ).toBe(403);
    const wrong = ['x', 'A'.repeat(21), 'A'.repeat(23), '%00', `${'A'.repeat(21)}!`, 'A'.repeat(22)];
    for (const name of wrong) expect((await aino.request(`/api/shares/${name}`)).status).toBe(404);
  });

  it('revokes once and for all, and again without an error', async () => {
    const { code } = await share(ilmari, { itemIds: [await upload(ilmari)] });
    for (let i = 0; i < 2; i++) expect((await ilmari.send('DELETE', `/api/shares/${code}`)).status).toBe(204);
    expect((await detail(ilmari, code)).state).toBe('revoked');
  });
});

describe('the end of many shares', () => {
  const revokeAll = async (by: Visitor, scope: string) =>
    sharesRevoked.parse(await (await by.send('DELETE', `/api/shares?scope=${scope}`)).json()).revoked;

  it('revokes the own ones, or all for an admin', async () => {
    const many = await app.member(aino, 'Another');
    const itemIds = [await upload(many)];
    const [one, , ended] = [
      await share(many, { itemIds }),
      await share(many, { itemIds }),
      await share(many, { itemIds, expires: 'day' }),
    ];
    await expire(ended.code);
    const others = await share(ilmari, { itemIds });
    expect(await revokeAll(many, 'mine')).toBe(2);
    expect((await detail(many, one.code)).state).toBe('revoked');
    expect((await detail(ilmari, others.code)).state).toBe('live');
    expect((await many.send('DELETE', '/api/shares?scope=all')).status).toBe(403);
    expect(await revokeAll(aino, 'all')).toBeGreaterThan(0);
    expect((await detail(ilmari, others.code)).state).toBe('revoked');
  });

  it('comes with the disabling of an account', async () => {
    const leaver = await app.member(aino, 'Leaver');
    const made = await share(leaver, { itemIds: [await upload(leaver)] });
    await aino.send('PATCH', `/api/users/${made.sharedBy.id}`, { disabled: true });
    expect((await detail(aino, made.code)).state).toBe('revoked');
  });

  it('comes with the deletion of the item', async () => {
    const id = await upload(ilmari);
    const made = await share(ilmari, { itemIds: [id] });
    await app.deps.db.deleteFrom('media').where('id', '=', id).execute();
    expect(await detail(ilmari, made.code)).toMatchObject({ state: 'deleted', itemCount: 0, items: [] });
  });
});

describe('the end of file addresses', () => {
  /** Whether the file address of an item works. */
  const works = async (address: string) => (await app.visitor().request(address)).status === 200;
  const addressOf = async (id: string) =>
    mediaItem.parse(await (await aino.request(`/api/media/${id}`)).json()).url;

  beforeAll(() => app.work());

  it('comes with the revocation if asked for, and other shares go on', async () => {
    const [one, two] = [await upload(ilmari), await upload(ilmari)];
    const [before, other] = [await addressOf(one), await addressOf(two)];
    const [made, lasting] = [await share(ilmari, { itemIds: [one] }), await share(aino, { itemIds: [one] })];
    expect(made.mayEndFileAddress).toBe(true);
    expect(await works(before)).toBe(true);
    await ilmari.send('DELETE', `/api/shares/${made.code}?endFileAddress=true`);
    await expect.poll(() => works(before)).toBe(false);
    const after = await addressOf(one);
    expect(after).not.toBe(before);
    expect(await works(after)).toBe(true);
    expect((await app.visitor().request(`/s/${lasting.code}/file/0`)).status).toBe(200);
    expect(await works(other)).toBe(true);
  });

  it('does not come with a revocation that does not ask for it', async () => {
    const id = await upload(ilmari);
    const before = await addressOf(id);
    const made = await share(ilmari, { itemIds: [id] });
    await ilmari.send('DELETE', `/api/shares/${made.code}?endFileAddress=false`);
    await endExpiredAddresses(app.deps);
    expect(await addressOf(id)).toBe(before);
  });

  it('comes with the expiry if that was chosen', async () => {
    const [id, kept] = [await upload(ilmari), await upload(ilmari)];
    const [before, keptBefore] = [await addressOf(id), await addressOf(kept)];
    const made = await share(ilmari, { itemIds: [id], expires: 'day', endFileAddress: true });
    expect(made.endFileAddress).toBe(true);
    const plain = await share(ilmari, { itemIds: [kept], expires: 'day', endFileAddress: true });
    await ilmari.send('PATCH', `/api/shares/${plain.code}`, { endFileAddress: false });
    expect(await endExpiredAddresses(app.deps)).toBe(0);
    await expire(made.code);
    await expire(plain.code);
    expect(await endExpiredAddresses(app.deps)).toBe(1);
    await expect.poll(() => works(before)).toBe(false);
    expect(await addressOf(kept)).toBe(keptBefore);
    // Once is enough.
    expect(await endExpiredAddresses(app.deps)).toBe(0);
  });

  it('is refused for a share that never expires, because it would end nothing', async () => {
    const id = await upload(ilmari);
    const refusal = { status: 422, code: 'invalid_field' };
    const create = (body: object) => ilmari.send('POST', '/api/shares', { itemIds: [id], ...body });
    for (const body of [{ endFileAddress: true }, { expires: 'never', endFileAddress: true }]) {
      const response = await create(body);
      const { details } = errorBody.parse(await response.clone().json());
      expect(details?.fields).toEqual({ endFileAddress: 'Choose a lifetime: this share never expires.' });
      expect(await errorOf(response)).toEqual(refusal);
    }
    const { code } = await share(ilmari, { itemIds: [id], expires: 'never', endFileAddress: false });
    const patch = (body: object) => ilmari.send('PATCH', `/api/shares/${code}`, body);
    expect(await errorOf(await patch({ endFileAddress: true }))).toEqual(refusal);
    expect(await errorOf(await patch({ expires: 'never', endFileAddress: true }))).toEqual(refusal);
    expect((await detail(ilmari, code)).endFileAddress).toBe(false);
    const changed = async (body: object) =>
      shareAnswer.parse(await (await patch(body)).json()).share.endFileAddress;
    expect(await changed({ expires: 'week', endFileAddress: true })).toBe(true);
    expect(await changed({ showSharer: true })).toBe(true);
    expect(await errorOf(await patch({ expires: 'never', endFileAddress: true }))).toEqual(refusal);
    // Without a lifetime, the end of the addresses is forgotten.
    expect(await changed({ expires: 'never' })).toBe(false);
    expect(await changed({ expires: 'day' })).toBe(false);
  });

  it('comes with a revocation before the expiry, unless it is taken back', async () => {
    const ids = [await upload(ilmari), await upload(ilmari), await upload(ilmari)];
    const before = await Promise.all(ids.map(addressOf));
    const made: Share[] = [];
    for (const id of ids)
      made.push(await share(ilmari, { itemIds: [id], expires: 'day', endFileAddress: true }));
    await ilmari.send('DELETE', `/api/shares/${made[0]?.code}?endFileAddress=false`);
    await ilmari.send('DELETE', `/api/shares/${made[1]?.code}`);
    await ilmari.send('DELETE', '/api/shares');
    expect(await endExpiredAddresses(app.deps)).toBe(2);
    for (const address of before.slice(1)) await expect.poll(() => works(address)).toBe(false);
    expect(await works(before[0] ?? '')).toBe(true);
  });

  it('also comes to an item in the trash, so that its restoration brings back no old address', async () => {
    const id = await upload(ilmari);
    const before = await addressOf(id);
    const made = await share(ilmari, { itemIds: [id] });
    await ilmari.send('DELETE', `/api/media/${id}`);
    await ilmari.send('DELETE', `/api/shares/${made.code}?endFileAddress=true`);
    await expect
      .poll(
        async () =>
          (await app.deps.db.selectFrom('media').select('object_key').where('id', '=', id).executeTakeFirst())
            ?.object_key,
      )
      .not.toContain(before.split('/').at(-1)?.split('.')[0]);
    await ilmari.send('POST', `/api/media/${id}/restore`);
    expect(await works(before)).toBe(false);
    expect(await works(await addressOf(id))).toBe(true);
  });

  it('is for the owner of every item, and for admins', async () => {
    const itemIds = [await upload(ilmari), await upload(aino)];
    const refused = await ilmari.send('POST', '/api/shares', {
      itemIds,
      expires: 'day',
      endFileAddress: true,
    });
    expect(refused.status).toBe(403);
    const made = await share(ilmari, { itemIds });
    expect(made.mayEndFileAddress).toBe(false);
    expect((await detail(aino, made.code)).mayEndFileAddress).toBe(true);
    const patched = await ilmari.send('PATCH', `/api/shares/${made.code}`, { endFileAddress: true });
    expect(patched.status).toBe(403);
    expect((await ilmari.send('DELETE', `/api/shares/${made.code}?endFileAddress=true`)).status).toBe(403);
    expect((await detail(ilmari, made.code)).state).toBe('live');
    expect((await ilmari.send('DELETE', `/api/shares/${made.code}?endFileAddress=x`)).status).toBe(422);
    expect((await aino.send('DELETE', `/api/shares/${made.code}?endFileAddress=true`)).status).toBe(204);
  });
});
