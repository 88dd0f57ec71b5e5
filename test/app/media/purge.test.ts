import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trashEmptied } from '../../../app/media/bulk.schema.ts';
import { syncAddresses } from '../../../app/media/address.service.ts';
import { MAX_BULK_ITEMS } from '../../../app/media/media.limits.ts';
import { mediaItem, mediaList, type MediaItem } from '../../../app/media/media.schema.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { objectKeys } from '../../support/objects.ts';
import { outcome } from '../../support/errors.ts';
import { picture } from '../../support/media/pictures.ts';

let app: TestApp;
let aino: Visitor;
let eino: Visitor;
let louhi: Visitor;
beforeAll(async () => {
  app = await createTestApp({ OCR: 'off' });
  aino = await app.admin();
  eino = await app.member(aino, 'Eino');
  louhi = await app.member(aino, 'Louhi');
});
afterAll(() => app[Symbol.asyncDispose]());

const add = async (by: Visitor): Promise<MediaItem> =>
  mediaItem.parse(await (await by.upload(await picture(), 'meme.png')).json());
const trash = (by: Visitor, id: string) => by.send('DELETE', `/api/media/${id}`);
const purge = (by: Visitor, id: string) => by.send('DELETE', `/api/media/${id}?forever=true`);
const empty = async (by: Visitor, scope?: string) => {
  const response = await by.send('DELETE', `/api/trash${scope === undefined ? '' : `?scope=${scope}`}`);
  expect(response.status, await response.clone().text()).toBe(200);
  return trashEmptied.parse(await response.json());
};
const inTrash = async (by: Visitor) =>
  mediaList
    .parse(await (await by.request('/api/media?trash=true&limit=100')).json())
    .items.map(({ id }) => id);
const keyOf = ({ url }: MediaItem) => url.split('/').at(-1);

describe('an item deleted for good', () => {
  it('is gone with its files, and cannot come back', async () => {
    const item = await add(eino);
    await trash(eino, item.id);
    expect((await purge(eino, item.id)).status).toBe(204);
    expect(await outcome(await eino.request(`/api/media/${item.id}`))).toBe('404 not_found');
    expect(await outcome(await eino.send('POST', `/api/media/${item.id}/restore`))).toBe('404 not_found');
    expect(await outcome(await purge(eino, item.id))).toBe('404 not_found');
    expect(await objectKeys(app.deps.storage)).not.toContain(keyOf(item));
    expect((await eino.request(item.url)).status).toBe(404);
  });

  it('was in the trash before, and belongs to the one who deletes it, or to anybody for an admin', async () => {
    const item = await add(eino);
    expect(await outcome(await purge(eino, item.id))).toBe('409 not_in_trash');
    expect(await outcome(await purge(louhi, item.id))).toBe('403 not_allowed');
    await trash(eino, item.id);
    expect(await outcome(await purge(louhi, item.id))).toBe('404 not_found');
    expect(await outcome(await eino.send('DELETE', `/api/media/${item.id}?forever=perhaps`))).toBe(
      '422 invalid_field',
    );
    expect((await eino.request(`/api/media/${item.id}`)).status).toBe(200);
    expect((await purge(aino, item.id)).status).toBe(204);
  });

  it('is one of those named, that are in the trash and the user’s', async () => {
    const [mine, live, other] = [await add(eino), await add(eino), await add(louhi)];
    await trash(eino, mine.id);
    await trash(louhi, other.id);
    const ids = [mine.id, live.id, other.id, randomUUID()];
    const response = await eino.send('POST', '/api/media/purge', { ids });
    expect(await response.json()).toEqual({ ids: [mine.id] });
    expect((await eino.request(`/api/media/${live.id}`)).status).toBe(200);
    expect((await louhi.request(`/api/media/${other.id}`)).status).toBe(200);
    await purge(louhi, other.id);
  });

  it('leaves nothing behind when it is hidden, restored and deleted at the same moment', async () => {
    for (let round = 0; round < 5; round++) {
      const item = await add(eino);
      await trash(eino, item.id);
      const answers = await Promise.all([
        purge(eino, item.id),
        syncAddresses(app.deps, [item.id]),
        eino.send('POST', `/api/media/${item.id}/restore`),
        purge(eino, item.id),
      ]);
      const restored = answers[2]?.status === 200;
      const left = await eino.request(`/api/media/${item.id}`);
      if (left.status === 200) {
        // The restoration came first: the item is whole.
        expect(restored).toBe(true);
        const { url } = mediaItem.parse(await left.json());
        expect((await eino.request(url)).status).toBe(200);
        await trash(eino, item.id);
        await purge(eino, item.id);
      }
      expect(await objectKeys(app.deps.storage)).not.toContain(keyOf(item));
    }
  });
});

describe('an emptied trash', () => {
  it('is one’s own, unless an admin wants that of all', async () => {
    const [mine, kept, other] = [await add(eino), await add(eino), await add(louhi)];
    await trash(eino, mine.id);
    await trash(louhi, other.id);
    expect(await empty(eino)).toEqual({ deleted: 1, remaining: 0 });
    expect(await inTrash(eino)).toEqual([]);
    expect(await inTrash(louhi)).toEqual([other.id]);
    expect(await outcome(await eino.send('DELETE', '/api/trash?scope=all'))).toBe('403 not_allowed');
    expect(await outcome(await eino.send('DELETE', '/api/trash?scope=some'))).toBe('422 invalid_field');
    expect(await empty(aino)).toEqual({ deleted: 0, remaining: 0 });
    expect(await empty(aino, 'all')).toEqual({ deleted: 1, remaining: 0 });
    expect((await eino.request(`/api/media/${kept.id}`)).status).toBe(200);
  });

  it('of 10,000 items is answered after the first part, and a job deletes the rest', async () => {
    const { id: owner } = await app.deps.db
      .selectFrom('users')
      .select('id')
      .where('username', '=', 'Louhi')
      .executeTakeFirstOrThrow();
    const items = 10_000;
    for (let from = 0; from < items; from += 1000) {
      const rows = Array.from({ length: 1000 }, () => ({
        id: uuidv7(),
        owner_id: owner,
        kind: 'image',
        mime: 'image/png',
        width: 4,
        height: 3,
        byte_size: 12,
        sha256: randomUUID(),
        state: 'ready',
        object_key: `${randomUUID()}.png`,
        deleted_at: sql<Date>`now()`,
        hidden_in: 'local',
      }));
      await app.deps.db.insertInto('media').values(rows).execute();
    }
    const first = await empty(louhi);
    expect(first).toEqual({ deleted: MAX_BULK_ITEMS, remaining: items - MAX_BULK_ITEMS });
    // Added after the trash was emptied: it stays there.
    const later = await add(louhi);
    await trash(louhi, later.id);
    await app.work();
    await expect.poll(() => inTrash(louhi), { interval: 200 }).toEqual([later.id]);
    expect(await empty(louhi)).toEqual({ deleted: 1, remaining: 0 });
  });
});
