import { Readable } from 'node:stream';
import { sql } from 'kysely';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENOUGH_ALIKE_ITEMS } from '../../../../app/media/alike/alike.limits.ts';
import { CERTAIN_DISTANCE, bandsOf, probesOf } from '../../../../app/media/alike/bands.ts';
import { fingerprintOf, framePixels, type Fingerprint } from '../../../../app/media/alike/fingerprint.ts';
import {
  findAlike,
  findFingerprint,
  setFingerprint,
} from '../../../../app/media/alike/fingerprints.repository.ts';
import {
  distanceOf,
  HASH_BITS,
  HASH_BYTES,
  mirroredHash,
} from '../../../../app/media/alike/perceptual-hash.shared.ts';
import { hashContent } from '../../../../app/media/content-backfill.service.ts';
import { mediaItem, type MediaItem } from '../../../../app/media/media.schema.ts';
import { fillAlike } from '../../../support/databases/fill-alike.ts';
import { fillFolder } from '../../../support/databases/fill-library.ts';
import { saveAgain, SAVED_AGAIN } from '../../../support/media/saved-again.ts';
import { randomOf } from '../../../support/media/seeded.ts';
import { makeTemplate, writeMeme } from '../../../support/media/templates.ts';
import { blobOf, ffmpeg, VIDEO_MAKERS } from '../../../support/media/videos.ts';
import { createTestApp, type TestApp, type Visitor } from '../../../support/servers/app.ts';

const DISTANCE = 60;
const context = { signal: new AbortController().signal };
const random = randomOf(4);

async function add(by: Visitor, bytes: Uint8Array, name = 'a.png'): Promise<MediaItem> {
  const response = await by.upload(blobOf(bytes), name);
  expect(response.status, await response.clone().text()).toBe(201);
  return mediaItem.parse(await response.json());
}
const meme = async (seed: number) => writeMeme(await makeTemplate(seed), 'KUN MAANANTAI', 'ALKAA TAAS');

let app: TestApp;
let aino: Visitor;
beforeAll(async () => {
  app = await createTestApp({ OCR: 'off' });
  aino = await app.admin();
  await app.work();
});
afterAll(() => app[Symbol.asyncDispose]());

const alike = async (frames: Fingerprint, except?: string) =>
  findAlike(app.deps.db, frames, { distance: DISTANCE, except, limit: 100 });
const printOf = async (bytes: Buffer) => fingerprintOf([await framePixels(await written(bytes))]);
let files = 0;
async function written(bytes: Buffer): Promise<string> {
  const path = `${app.dataDir}/sample-${(files += 1)}`;
  await sharp(bytes).png({ compressionLevel: 1 }).toFile(path);
  return path;
}

describe('a picture', () => {
  it.each(SAVED_AGAIN)('is found by a copy saved as another app does: %s', async (way) => {
    const picture = await meme(SAVED_AGAIN.indexOf(way) + 20);
    const item = await add(aino, picture);
    const found = await alike(await printOf(await saveAgain(picture, way, random)));
    expect(found).toMatchObject([{ id: item.id, mirrored: way === 'mirrored' }]);
  });

  it('that is replaced is found by its new file only', async () => {
    const [before, after] = [await meme(40), await meme(41)];
    const item = await add(aino, before);
    const body = new FormData();
    body.set('file', blobOf(after), 'other.png');
    await aino.request(`/api/media/${item.id}/file`, { method: 'PUT', body });
    expect(await alike(await printOf(before))).toEqual([]);
    expect(await alike(await printOf(after))).toMatchObject([{ id: item.id, mirrored: false }]);
  });

  it('in the trash is not found', async () => {
    const picture = await meme(42);
    const { id } = await add(aino, picture);
    await aino.send('DELETE', `/api/media/${id}`);
    expect(await alike(await printOf(picture))).toEqual([]);
  });

  it('of one colour, or of nothing but noise of its coding, has no fingerprint', async () => {
    for (const background of ['#000', '#fff', '#7a5646']) {
      const flat = sharp({ create: { width: 300, height: 200, channels: 3, background } });
      const item = await add(aino, await flat.jpeg({ quality: 30 }).toBuffer());
      expect(await findFingerprint(app.deps.db, item.id)).toEqual([]);
    }
  });
});

describe('an animation and a video', () => {
  /** Makes a film of the same four scenes. */
  const film = async (seed: number, args: readonly string[], format: string) => {
    const frames: Buffer[] = [];
    for (let i = 0; i < 4; i++)
      frames.push(
        await sharp(await meme(seed + i))
          .resize(320, 240, { fit: 'fill' })
          .png()
          .toBuffer(),
      );
    const list = await Promise.all(frames.map(written));
    const inputs = list.flatMap((path) => ['-loop', '1', '-t', '0.5', '-i', path]);
    const joined = [
      '-filter_complex',
      `[0]setsar=1[a];[1]setsar=1[b];[2]setsar=1[c];[3]setsar=1[d];[a][b][c][d]concat=n=4:v=1,fps=10`,
    ];
    return ffmpeg([...inputs, ...joined, ...args], format);
  };
  const print = (id: string) => findFingerprint(app.deps.db, id);

  it('have a fingerprint of several frames, and are found by one another', async () => {
    const gif = await add(aino, await film(60, [], 'gif'), 'a.gif');
    const mp4 = await add(aino, await film(60, ['-pix_fmt', 'yuv420p'], 'mp4'), 'a.mp4');
    await expect.poll(async () => (await print(gif.id)).length).toBe(4);
    await expect.poll(async () => (await print(mp4.id)).length).toBe(4);
    expect(await alike(await print(mp4.id), mp4.id)).toMatchObject([{ id: gif.id }]);
    // One common scene of four is not enough.
    const other = await add(aino, await film(63, ['-pix_fmt', 'yuv420p'], 'mp4'), 'b.mp4');
    await expect.poll(async () => (await print(other.id)).length).toBe(4);
    expect(await alike(await print(other.id), other.id)).toEqual([]);
  });

  it('get none if they do not decode, and are not tried again', async () => {
    const item = await add(aino, VIDEO_MAKERS.mp4(), 'c.mp4');
    await expect.poll(async () => (await rowOf(item.id))?.fingerprint_recipe).toBe(1);
    await app.deps.db.deleteFrom('media_content').where('media_id', '=', item.id).execute();
    const { storage } = app.deps;
    const broken = {
      ...app.deps,
      directory: app.deps.tmpDir,
      storage: {
        ...storage,
        async read() {
          return Readable.from([Buffer.from('no video')]);
        },
      },
    };
    await hashContent(broken, item.id, context);
    expect(await print(item.id)).toEqual([]);
    expect((await rowOf(item.id))?.fingerprint_recipe).toBe(1);
  });
  const rowOf = (id: string) =>
    app.deps.db.selectFrom('media_content').selectAll().where('media_id', '=', id).executeTakeFirst();
});

describe('items of an older release', () => {
  it('get the same fingerprint by a job as by an upload', async () => {
    const item = await add(aino, await meme(80));
    const made = await findFingerprint(app.deps.db, item.id);
    await app.deps.db.deleteFrom('media_fingerprints').where('media_id', '=', item.id).execute();
    await app.deps.db
      .updateTable('media_content')
      .set({ fingerprint_recipe: 0 })
      .where('media_id', '=', item.id)
      .execute();
    await hashContent({ ...app.deps, directory: app.deps.tmpDir }, item.id, context);
    const [again] = await findFingerprint(app.deps.db, item.id);
    const [first] = made;
    expect(first?.length).toBeGreaterThan(0);
    for (const [i, hash] of (first ?? []).entries())
      expect(distanceOf(hash, again?.[i] ?? new Uint8Array(HASH_BYTES))).toBeLessThan(10);
  });
});

describe('the index', () => {
  const hash = () => Uint8Array.from({ length: HASH_BYTES }, () => Math.floor(random() * 256));
  const flipped = (of: Uint8Array, bits: number) => {
    const copy = Uint8Array.from(of);
    const chosen = new Set<number>();
    while (chosen.size < bits) chosen.add(Math.floor(random() * 256));
    for (const bit of chosen) copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (128 >> (bit & 7));
    return copy;
  };

  it('compares every pair of few different bits', () => {
    for (let i = 0; i < 300; i++) {
      const one = hash();
      const probes = new Set(probesOf([one]).flat());
      expect(bandsOf(flipped(one, CERTAIN_DISTANCE)).some((band) => probes.has(band))).toBe(true);
    }
  });

  it('asks for equal bands first, and for each key once', () => {
    const one = hash();
    const [equal, ...turned] = probesOf([one, mirroredHash(one)]);
    expect(equal).toEqual([...new Set([...bandsOf(one), ...bandsOf(mirroredHash(one))])]);
    expect(turned).toHaveLength(bandsOf(one).length);
    const all = [equal, ...turned].flat();
    expect(new Set(all).size).toBe(all.length);
  });

  it('turns a mirrored hash back', () => {
    const one = hash();
    expect(mirroredHash(mirroredHash(one))).toEqual(one);
    expect(distanceOf(one, mirroredHash(one))).toBe(128);
  });

  it('is bounded when thousands of items are alike, and lists the newest', async () => {
    const { id: owner } = await app.deps.db.selectFrom('users').select('id').executeTakeFirstOrThrow();
    const ids = await fillFolder(
      app.deps.db,
      owner,
      Array.from({ length: 40 }, () => ({})),
    );
    const common = hash();
    await app.deps.db.transaction().execute(async (trx) => {
      for (const id of ids) await setFingerprint(trx, id, [[common]]);
    });
    await sql`insert into media_content (media_id, upload_sha256, stored_sha256)
      select id, sha256, sha256 from media where id = any(${ids}::uuid[])`.execute(app.deps.db);
    const found = await findAlike(app.deps.db, [[flipped(common, 5)]], { distance: DISTANCE, limit: 7 });
    expect(found.map(({ id }) => id)).toEqual(ids.toReversed().slice(0, 7));
    expect(found[0]).toEqual({ id: ids.at(-1), distance: 5, mirrored: false });
  });

  it('finds an old copy behind thousands of newer hashes that share most of a band', async () => {
    const common = hash();
    const [band] = bandsOf(common);
    const turned = (of: Uint8Array, bit: number) =>
      of.with(bit >> 3, (of[bit >> 3] ?? 0) ^ (128 >> (bit & 7)));
    const bits = Array.from({ length: HASH_BITS }, (_, bit) => bit);
    const ofBand = bits.filter((bit) => bandsOf(turned(common, bit))[0] !== band);
    const [first = 0] = ofBand;
    const other = [first, ...bits.filter((bit) => !ofBand.includes(bit))].reduce(turned, common);
    expect(distanceOf(other, common)).toBeGreaterThan(DISTANCE);
    const ids = await fillAlike(app.deps.db, 2500, (i) => [i === 0 ? common : other]);
    const found = await findAlike(app.deps.db, [[common]], { distance: DISTANCE, limit: 1000 });
    expect(found.map(({ id }) => id)).toEqual(ids.slice(0, 1));
  });

  it('looks no further than for enough items, and quickly only for equal bands', async () => {
    const common = hash();
    const ids = await fillAlike(app.deps.db, ENOUGH_ALIKE_ITEMS + 1, () => [common]);
    const [first = ''] = ids;
    // The oldest differs in one bit of each band.
    let far = common;
    for (let bit = 0; bit < HASH_BITS; bit++) {
      const turned = far.map((byte, i) => (i === bit >> 3 ? byte ^ (128 >> (bit & 7)) : byte));
      const equal = bandsOf(turned).filter((band, i) => band === bandsOf(common)[i]).length;
      if (equal < bandsOf(far).filter((band, i) => band === bandsOf(common)[i]).length) far = turned;
    }
    expect(distanceOf(far, common)).toBe(bandsOf(common).length);
    await app.deps.db.transaction().execute((trx) => setFingerprint(trx, first, [[far]]));
    const find = async (limit: number, quick = false) =>
      (await findAlike(app.deps.db, [[common]], { distance: DISTANCE, limit, quick })).map(({ id }) => id);
    expect(await find(1000)).toEqual(ids.slice(1).toReversed());
    await app.deps.db.deleteFrom('media').where('id', 'in', ids.slice(2)).execute();
    expect(await find(1000)).toEqual([ids[1], first]);
    expect(await find(1000, true)).toEqual([ids[1]]);
  });

  it('reads each row of an equal band once, also when it looks further', async () => {
    const { db } = app.deps;
    const common = hash();
    await db.deleteFrom('media_fingerprints').execute();
    const ids = await fillAlike(db, ENOUGH_ALIKE_ITEMS + 1, () => [common]);
    const search = () =>
      db.transaction().execute(async (trx) => {
        // A scan of this small table would be cheaper than the index.
        await sql`set local enable_seqscan = off`.execute(trx);
        // The connection counts the transactions before this one, too.
        const count = async () => {
          const { rows } = await sql<{ read: number }>`
            select (seq_tup_read + idx_tup_fetch)::integer as read from pg_stat_xact_user_tables
            where relname = 'media_fingerprints'`.execute(trx);
          return rows[0]?.read ?? 0;
        };
        const before = await count();
        const found = await findAlike(trx, [[common]], { distance: DISTANCE, limit: 1000 });
        return { found: found.length, read: (await count()) - before };
      });
    expect(await search()).toEqual({ found: ids.length, read: ids.length });
    await db.deleteFrom('media').where('id', 'in', ids.slice(5)).execute();
    expect(await search()).toEqual({ found: 5, read: 5 });
  });
});
