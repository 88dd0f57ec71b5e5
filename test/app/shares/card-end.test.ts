import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { syncAllAddresses } from '../../../app/media/address.service.ts';
import { verifyStorage } from '../../../app/media/housekeeping.service.ts';
import { mediaItem } from '../../../app/media/media.schema.ts';
import { endCards } from '../../../app/shares/end-cards.service.ts';
import { shareAnswer } from '../../../app/shares/shares.schema.ts';
import { userList } from '../../../app/users/users.schema.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { objectKeys } from '../../support/objects.ts';
import { picture } from '../../support/media/pictures.ts';

/** A sharing picture shows what its share shows. It goes when the share or an item of it goes. */

let app: TestApp;
let aino: Visitor;
let eino: Visitor;
beforeAll(async () => {
  app = await createTestApp({ OCR: 'off' });
  aino = await app.admin();
  eino = await app.member(aino, 'Eino');
  await app.work();
});
afterAll(() => app[Symbol.asyncDispose]());
afterEach(() => vi.restoreAllMocks());

const upload = async (by: Visitor) =>
  mediaItem.parse(await (await by.upload(await picture(), 'meme.png')).json()).id;
const share = async (by: Visitor, itemIds: readonly string[]) =>
  shareAnswer.parse(await (await by.send('POST', '/api/shares', { itemIds })).json()).share.code;
const load = async (code: string, place = '') => {
  const response = await app.visitor().request(`/s/${code}${place}/card.jpg`);
  return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) };
};
const galleryKey = async (code: string) =>
  (
    await app.deps.db
      .selectFrom('shares')
      .select('card_key')
      .where('code', '=', code)
      .executeTakeFirstOrThrow()
  ).card_key;
const itemKey = async (id: string) =>
  (await app.deps.db.selectFrom('media').select('card_key').where('id', '=', id).executeTakeFirstOrThrow())
    .card_key;
const stored = async (key: string) => (await objectKeys(app.deps.storage)).includes(key);
const noOrphans = async () => (await verifyStorage(app.deps)).orphans;
const expire = (code: string) =>
  app.deps.db
    .updateTable('shares')
    .set({ expires_at: sql<Date>`now() - interval '1 second'` })
    .where('code', '=', code)
    .execute();

async function gallery(by: Visitor) {
  const ids = [await upload(by), await upload(by), await upload(by)];
  const code = await share(by, ids);
  const { bytes } = await load(code);
  const key = (await galleryKey(code)) ?? '';
  expect(await stored(key)).toBe(true);
  return { ids, code, key, bytes };
}

const form = async () => {
  const body = new FormData();
  body.set('file', await picture('webp', { width: 90, height: 60 }), 'other.webp');
  return body;
};

describe('the sharing picture of a gallery goes with an item', () => {
  const leaves: [string, (id: string) => Promise<Response>][] = [
    ['moved to the trash', (id) => eino.send('DELETE', `/api/media/${id}`)],
    ['moved to the trash with others', (id) => eino.send('POST', '/api/media/trash', { ids: [id] })],
    ['that gets a new address', (id) => eino.send('POST', `/api/media/${id}/new-address`)],
    [
      'that gets another file',
      async (id) => eino.request(`/api/media/${id}/file`, { method: 'PUT', body: await form() }),
    ],
  ];
  it.each(leaves)('%s, and shows what is left', async (_how, leave) => {
    const { ids, code, key } = await gallery(eino);
    expect((await leave(ids[0] ?? '')).status).toBeLessThan(300);
    expect(await galleryKey(code)).toBeNull();
    await expect.poll(() => stored(key)).toBe(false);
    expect((await load(code)).status).toBe(200);
    expect(await stored((await galleryKey(code)) ?? '')).toBe(true);
    await expect.poll(noOrphans).toEqual([]);
  });

  it('that is restored, so that it shows all again', async () => {
    const { ids, code, bytes } = await gallery(eino);
    await eino.send('DELETE', `/api/media/${ids[0]}`);
    await load(code);
    const without = (await galleryKey(code)) ?? '';
    await eino.send('POST', `/api/media/${ids[0]}/restore`);
    expect(await galleryKey(code)).toBeNull();
    await expect.poll(() => stored(without)).toBe(false);
    expect((await load(code)).bytes.equals(bytes)).toBe(true);
  });

  it('deleted for good, also one that an earlier release left there', async () => {
    const { ids, code, key } = await gallery(eino);
    await eino.send('DELETE', `/api/media/${ids[0]}`);
    await app.deps.db.updateTable('shares').set({ card_key: key }).where('code', '=', code).execute();
    await eino.send('DELETE', `/api/media/${ids[0]}?forever=true`);
    expect(await galleryKey(code)).toBeNull();
    await expect.poll(noOrphans).toEqual([]);
  });

  it('even when it is being made at that moment', async () => {
    const ids = [await upload(eino), await upload(eino)];
    const code = await share(eino, ids);
    const { storage } = app.deps;
    const put = storage.put.bind(storage);
    const made: string[] = [];
    vi.spyOn(storage, 'put').mockImplementation(async (key, ...rest) => {
      await put(key, ...rest);
      made.push(key);
      if (made.length === 1) await eino.send('DELETE', `/api/media/${ids[0]}`);
    });
    // One item is left. The page of the share shows it, with its own sharing picture.
    expect((await load(code)).status).toBe(200);
    expect(await galleryKey(code)).toBeNull();
    await expect.poll(() => stored(made[0] ?? '')).toBe(false);
    await expect.poll(noOrphans).toEqual([]);
  });
});

describe('sharing pictures end with the share', () => {
  const ends: [string, (code: string) => Promise<unknown>][] = [
    ['revoked', (code) => eino.send('DELETE', `/api/shares/${code}`)],
    ['revoked with all others', () => eino.send('DELETE', '/api/shares')],
    ['revoked by an admin with all others', () => aino.send('DELETE', '/api/shares?scope=all')],
    ['expired', expire],
    [
      'revoked with the account',
      async () => {
        const response = await aino.request('/api/users');
        const { id } =
          userList.parse(await response.json()).items.find((one) => one.username === 'Eino') ?? {};
        expect((await aino.send('PATCH', `/api/users/${id}`, { disabled: true })).status).toBe(200);
        await aino.send('PATCH', `/api/users/${id}`, { disabled: false });
      },
    ],
  ];
  it.each(ends)('that is %s', async (how, end) => {
    const { ids, code, key } = await gallery(eino);
    expect((await load(code, '/1')).status).toBe(200);
    const single = (await itemKey(ids[1] ?? '')) ?? '';
    expect(await stored(single)).toBe(true);
    await end(code);
    // The job of every minute.
    if (!how.startsWith('revoked') || how.includes('account')) await endCards(app.deps);
    await expect.poll(() => stored(key)).toBe(false);
    await expect.poll(() => stored(single)).toBe(false);
    expect(await galleryKey(code)).toBeNull();
    expect(await itemKey(ids[1] ?? '')).toBeNull();
    await expect.poll(noOrphans).toEqual([]);
  });

  it('unless another share shows the item', async () => {
    const id = await upload(aino);
    const [one, other] = [await share(aino, [id]), await share(aino, [id])];
    await load(one);
    const key = (await itemKey(id)) ?? '';
    await aino.send('DELETE', `/api/shares/${one}`);
    expect(await endCards(app.deps)).toBe(0);
    expect(await stored(key)).toBe(true);
    await expire(other);
    expect(await endCards(app.deps)).toBe(1);
    expect(await itemKey(id)).toBeNull();
    await expect.poll(() => stored(key)).toBe(false);
  });

  it('that ends while they are made', async () => {
    const id = await upload(aino);
    const code = await share(aino, [id]);
    const { storage } = app.deps;
    const put = storage.put.bind(storage);
    vi.spyOn(storage, 'put').mockImplementation(async (key, ...rest) => {
      await put(key, ...rest);
      await aino.send('DELETE', `/api/shares/${code}`);
    });
    await load(code);
    expect(await itemKey(id)).toBeNull();
    await expect.poll(noOrphans).toEqual([]);
  });
});

it('a sharing picture that is made again is deleted by a job when the process ends before', async () => {
  const { code, key, ids } = await gallery(aino);
  const { storage } = app.deps;
  // Another picture, as after a change of the rendition settings.
  const { thumb_key } = await app.deps.db
    .selectFrom('media')
    .select('thumb_key')
    .where('id', '=', ids[0] ?? '')
    .executeTakeFirstOrThrow();
  const copy = `${crypto.randomUUID()}.webp`;
  await storage.copy(thumb_key ?? '', copy);
  await app.deps.db
    .updateTable('media')
    .set({ thumb_key: copy })
    .where('id', '=', ids[0] ?? '')
    .execute();
  await storage.delete(thumb_key ?? '');
  const remove = storage.delete.bind(storage);
  let killed = false;
  vi.spyOn(storage, 'delete').mockImplementation(async (gone) => {
    if (gone !== key || killed) return remove(gone);
    killed = true;
    throw new Error('killed');
  });
  await load(code);
  expect(await galleryKey(code)).not.toBe(key);
  await expect.poll(() => stored(key)).toBe(false);
  await syncAllAddresses(app.deps);
  await expect.poll(noOrphans).toEqual([]);
});
