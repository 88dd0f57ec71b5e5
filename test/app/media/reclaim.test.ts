import { createHash, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Trx } from '../../../app/db/client.ts';
import { mediaItem, mediaList, type MediaItem } from '../../../app/media/media.schema.ts';
import { purgeExpired } from '../../../app/media/purge.service.ts';
import { shareAnswer } from '../../../app/shares/shares.schema.ts';
import { deadlocksIn } from '../../support/databases/deadlocks.ts';
import { outcome } from '../../support/errors.ts';
import { blobOf } from '../../support/media/videos.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';

/** Sending a file that lies in somebody else's trash. */
let app: TestApp;
let aino: Visitor;
let owner: Visitor;
let sender: Visitor;
beforeEach(async () => {
  app = await createTestApp({ OCR: 'off' });
  aino = await app.admin();
  owner = await app.member(aino, 'Eino');
  sender = await app.member(aino, 'Saimi');
});
afterEach(() => app[Symbol.asyncDispose]());

/** Returns colours that differ after quantisation, too. */
const colourOf = (seed: number) => ({ r: (seed * 37) % 256, g: (seed * 91) % 256, b: 90 });
/** Makes a JPEG with another author in its EXIF for each call, and the same pixels for one seed. */
const signed = (seed: number): Promise<Buffer> =>
  sharp({ create: { width: 64, height: 48, channels: 3, background: colourOf(seed) } })
    .withExif({ IFD0: { Artist: randomUUID() } })
    .jpeg()
    .toBuffer();
const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function added(response: Response): Promise<MediaItem> {
  expect(response.status, await response.clone().text()).toBe(201);
  return mediaItem.parse(await response.json());
}
const send = (by: Visitor, bytes: Uint8Array, fields: Record<string, string> = {}) =>
  by.upload(blobOf(bytes), 'a.jpg', fields);
const at = (item: { id: string }, rest = '') => `/api/media/${item.id}${rest}`;
const seen = async (by: Visitor, item: { id: string }) =>
  mediaItem.parse(await (await by.request(at(item))).json());
const trashOf = async (by: Visitor) => {
  const list = mediaList.parse(await (await by.request('/api/media?trash=true')).json());
  return list.items.map(({ id }) => id);
};
const objects = async () => (await app.files()).filter((file) => file.startsWith('media/'));

/** An item in the trash of its owner, and its file. */
async function trashed(bytes: Uint8Array, fields: Record<string, string> = {}): Promise<MediaItem> {
  const item = await added(await send(owner, bytes, fields));
  expect((await owner.send('DELETE', at(item))).status).toBe(204);
  return item;
}

/** Changes the row before a request that waits for it goes on. */
async function meanwhile<T>(id: string, request: () => Promise<T>, change: (trx: Trx) => Promise<unknown>) {
  const { db } = app.deps;
  const held = await db.transaction().execute(async (trx) => {
    await trx.selectFrom('media').select('id').where('id', '=', id).forUpdate().execute();
    const answer = request();
    await expect
      .poll(async () => {
        const { rows } = await sql<{ waiting: number }>`
          select count(*)::integer as waiting from pg_locks
          where not granted and locktype in ('transactionid', 'tuple')`.execute(db);
        return rows[0]?.waiting;
      })
      .toBeGreaterThan(0);
    await change(trx);
    return { answer };
  });
  return held.answer;
}

describe('a file that another member deleted', () => {
  it('becomes the sender’s, with the old tags and texts, and leaves the other trash', async () => {
    const file = await signed(1);
    const former = await trashed(file, { title: 'Kissa', tags: 'kissa, vanha' });
    await owner.send('PATCH', at(former), { description: 'Eino wrote this.', text: 'MIAU' });
    const item = await added(await send(sender, file, { tags: 'uusi, kissa' }));
    expect(item).toMatchObject({
      id: former.id,
      owner: { username: 'Saimi' },
      deletedAt: null,
      title: 'Kissa',
      description: 'Eino wrote this.',
      text: 'MIAU',
      tags: ['kissa', 'uusi', 'vanha'],
      createdAt: former.createdAt,
    });
    expect(await seen(owner, item)).toEqual({ ...item, stages: expect.anything() });
    expect(await trashOf(owner)).toEqual([]);
    expect(await trashOf(aino)).toEqual([]);
    expect(await outcome(await owner.send('POST', at(item, '/restore')))).toBe('403 not_allowed');
    expect(await outcome(await owner.send('DELETE', at(item)))).toBe('403 not_allowed');
    expect((await sender.send('DELETE', at(item))).status).toBe(204);
    expect(await trashOf(sender)).toEqual([item.id]);
    expect(await outcome(await owner.request(at(item)))).toBe('404 not_found');
  });

  it('takes a title that was given, is found, and counts for its tags again', async () => {
    const file = await signed(2);
    await trashed(file, { title: 'Vanha', tags: 'koira' });
    const item = await added(await send(sender, file, { title: 'Uusi' }));
    expect(item.title).toBe('Uusi');
    for (const query of ['q=uusi', 'q=tag:koira', 'by=Saimi', 'tag=koira']) {
      const list = mediaList.parse(await (await owner.request(`/api/media?${query}`)).json());
      expect([query, list.items.map(({ id }) => id)]).toEqual([query, [item.id]]);
    }
    const tag = await app.deps.db
      .selectFrom('tags')
      .select('uses')
      .where('name', '=', 'koira')
      .executeTakeFirstOrThrow();
    expect(tag.uses).toBe(1);
  });

  it('is told to every browser as a change of the item', async () => {
    const file = await signed(3);
    const { id } = await trashed(file);
    await app.deps.db.deleteFrom('media_changes').execute();
    await added(await send(sender, file));
    const changes = await app.deps.db.selectFrom('media_changes').select('media_id').execute();
    expect(new Set(changes.map((change) => change.media_id))).toEqual(new Set([id]));
  });

  it('comes back for a file that differs in its metadata only', async () => {
    const former = await trashed(await signed(4), { tags: 'vanha' });
    const item = await added(await send(sender, await signed(4)));
    expect([item.id, item.tags]).toEqual([former.id, ['vanha']]);
  });

  it('gets a new address; the old one and the links of before stay dead', async () => {
    const file = await signed(5);
    const former = await added(await send(owner, file));
    const link = await owner.send('POST', '/api/shares', { itemIds: [former.id] });
    const { code } = shareAnswer.parse(await link.json()).share;
    await owner.send('DELETE', at(former));
    const item = await added(await send(sender, file));
    expect((await sender.request(item.url)).status).toBe(200);
    expect((await sender.request(former.url)).status).toBe(404);
    expect((await app.visitor().request(`/s/${code}`)).status).toBe(410);
    // The object and the thumbnail; those of before are gone.
    expect(await objects()).toHaveLength(2);
  });

  it('keeps its stars', async () => {
    const file = await signed(6);
    const former = await added(await send(owner, file));
    await aino.send('PUT', '/api/favourites', { ids: [former.id], favourite: true });
    await owner.send('DELETE', at(former));
    expect((await added(await send(sender, file))).favourites).toBe(1);
  });

  it('is neither shown nor changed for its hash alone', async () => {
    const file = await signed(7);
    const former = await trashed(file);
    const before = await app.deps.db.selectFrom('media').selectAll().execute();
    for (const hash of [sha256Of(file), sha256Of(await signed(8))]) {
      const known = await sender.request(`/api/media/known/${hash}`);
      expect(await known.json()).toMatchObject({ id: null, alike: null });
    }
    // A file that is refused changes nothing either, whatever the hash that the sender knows.
    const broken = await send(sender, file.subarray(0, 200));
    expect(broken.ok).toBe(false);
    expect(await app.deps.db.selectFrom('media').selectAll().execute()).toEqual(before);
    expect(await trashOf(owner)).toEqual([former.id]);
  });

  it('is still a duplicate for its owner and for an admin', async () => {
    const file = await signed(9);
    const former = await trashed(file);
    for (const who of [owner, aino])
      expect(await (await send(who, file)).json()).toMatchObject({
        code: 'already_here',
        details: { id: former.id },
      });
    expect(await trashOf(owner)).toEqual([former.id]);
  });

  it('replaces the file of an item, which gets its tags', async () => {
    const file = await signed(10);
    const former = await trashed(file, { tags: 'vanha' });
    const mine = await added(await send(sender, await signed(11), { title: 'Oma', tags: 'oma' }));
    const body = new FormData();
    body.set('file', blobOf(file), 'b.jpg');
    const answer = await sender.request(at(mine, '/file'), { method: 'PUT', body });
    expect([answer.status, mediaItem.parse(await answer.json())]).toMatchObject([
      200,
      { id: mine.id, title: 'Oma', tags: ['oma', 'vanha'] },
    ]);
    expect(await trashOf(owner)).toEqual([]);
    expect(await outcome(await owner.request(at(former)))).toBe('404 not_found');
    expect(await objects()).toHaveLength(2);
  });

  it('becomes one item when an older release left it in two trashes', async () => {
    const [one, other] = [await signed(12), await signed(13)];
    const first = await trashed(one, { tags: 'eka' });
    const second = await added(await send(aino, other, { tags: 'toka' }));
    await aino.send('DELETE', at(second));
    const { db } = app.deps;
    const { stored_sha256 } = await db
      .selectFrom('media_content')
      .select('stored_sha256')
      .where('media_id', '=', first.id)
      .executeTakeFirstOrThrow();
    await db.updateTable('media_content').set({ stored_sha256 }).execute();
    // The file of the second is the upload, so that its hash is taken.
    await db
      .updateTable('media')
      .set({ sha256: 'f'.repeat(64) })
      .where('id', '=', second.id)
      .execute();
    await db
      .updateTable('media_content')
      .set({ upload_sha256: 'f'.repeat(64) })
      .where('media_id', '=', second.id)
      .execute();
    const item = await added(await send(sender, await signed(12)));
    expect([item.id, item.tags]).toEqual([first.id, ['eka', 'toka']]);
    expect(await trashOf(aino)).toEqual([]);
    expect(await objects()).toHaveLength(2);
  });
});

describe('at the same time', () => {
  it('two senders get one item: one has it, the other is told', async () => {
    const other = await app.member(aino, 'Väinö');
    for (let round = 0; round < 4; round++) {
      const former = await trashed(await signed(20 + round), { tags: 'vanha' });
      const files = [await signed(20 + round), await signed(20 + round)] as const;
      const answers = await Promise.all([send(sender, files[0]), send(other, files[1])]);
      const codes = await Promise.all(answers.map((answer) => outcome(answer.clone())));
      expect(codes.toSorted()).toEqual(['201', '409 already_here']);
      expect((await seen(aino, former)).tags).toEqual(['vanha']);
    }
    expect(await objects()).toHaveLength(8);
  });

  it('the old owner restores it first: the sender is told that it is here', async () => {
    const file = await signed(30);
    const former = await trashed(file);
    const answer = await meanwhile(
      former.id,
      () => send(sender, file),
      (trx) => trx.updateTable('media').set({ deleted_at: null }).where('id', '=', former.id).execute(),
    );
    expect(await answer.json()).toMatchObject({ code: 'already_here', details: { id: former.id } });
    expect((await seen(aino, former)).owner.username).toBe('Eino');
    expect(await objects()).toHaveLength(2);
  });

  it('the trash is emptied first: the file becomes a new item', async () => {
    const file = await signed(31);
    const former = await trashed(file, { tags: 'vanha' });
    const answer = await meanwhile(
      former.id,
      () => send(sender, file),
      (trx) => trx.deleteFrom('media').where('id', '=', former.id).execute(),
    );
    const item = await added(answer);
    expect([item.owner.username, item.tags]).toEqual(['Saimi', []]);
    expect((await sender.request(item.url)).status).toBe(200);
  });

  it('somebody tags it first: the tag comes along', async () => {
    const file = await signed(32);
    const former = await trashed(file, { tags: 'vanha' });
    const answer = await meanwhile(
      former.id,
      () => send(sender, file),
      (trx) =>
        sql`with tag as (insert into tags (name) values ('tuore') returning id)
          insert into media_tags (media_id, tag_id) select ${former.id}::uuid, id from tag`.execute(trx),
    );
    expect((await added(answer)).tags).toEqual(['tuore', 'vanha']);
  });

  it('restoring, emptying and sending leave one owner, one file and no deadlock', async () => {
    for (let round = 0; round < 6; round++) {
      const file = await signed(40 + round);
      const former = await trashed(file);
      await app.deps.db
        .updateTable('media')
        .set({ deleted_at: new Date(0) })
        .where('id', '=', former.id)
        .execute();
      const [sent, restored] = await Promise.all([
        send(sender, file),
        owner.send('POST', at(former, '/restore')),
        round % 2 ? purgeExpired(app.deps) : owner.send('DELETE', '/api/trash'),
      ]);
      expect(['201', '409 already_here']).toContain(await outcome(sent.clone()));
      expect(['200', '403 not_allowed', '404 not_found']).toContain(await outcome(restored.clone()));
      const rows = await app.deps.db
        .selectFrom('media')
        .innerJoin('users', 'users.id', 'owner_id')
        .select(['username', 'object_key', 'deleted_at'])
        .where('byte_size', '>', 0)
        .orderBy('media.id', 'desc')
        .execute();
      const left = rows.filter((row) => row.deleted_at === null);
      expect(left).toHaveLength(round + 1);
      expect(left[0]?.username).toBe(sent.status === 201 ? 'Saimi' : 'Eino');
      for (const row of left) expect(await app.deps.storage.info(row.object_key)).not.toBeNull();
    }
    await app.deps.jobs.stop(2000);
    await app.deps.db.destroy();
    expect(await deadlocksIn(app.databaseUrl)).toBe(0);
  });
});
