import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLocalParts } from '../../../app/resumable/local-parts.ts';
import type { PartStore } from '../../../app/resumable/part-store.ts';
import { createS3Parts } from '../../../app/resumable/s3-parts.ts';
import { mediaItem } from '../../../app/media/media.schema.ts';
import { noisePng } from '../../support/media/noise.ts';
import { createTestApp } from '../../support/servers/app.ts';
import { createBucket } from '../../support/servers/bucket.ts';
import { begin, sendAt, sendRest, stop } from '../../support/servers/resumable.ts';
import { missingS3Server, startS3Server, type S3Server } from '../../support/servers/s3-server.ts';

const missing = missingS3Server();
const because = missing === undefined ? '' : `: ${missing}`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meemikansio-parts-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The contract of every place of parts. */
function describeParts(name: string, open: () => Promise<PartStore>): void {
  describe(`parts in ${name}`, () => {
    let parts: PartStore;
    beforeAll(async () => {
      parts = await open();
    });
    const put = async (key: string, bytes: Uint8Array) => {
      const path = join(folder, randomUUID());
      await writeFile(path, bytes);
      await parts.put(key, path);
    };
    const read = async (key: string) => {
      const stream = await parts.read(key);
      return stream && buffer(stream);
    };
    const listed = async () => {
      const ids = new Set<string>();
      for await (const { id, changedAt } of parts.list()) {
        expect(changedAt).toBeInstanceOf(Date);
        ids.add(id);
      }
      return [...ids].toSorted();
    };

    it('are given back, and removed one by one or all of an upload', async () => {
      expect(await listed()).toEqual([]);
      const [one, other] = [randomUUID(), randomUUID()];
      const bytes = [randomBytes(1), randomBytes(300_000), randomBytes(4_000_000)];
      for (const [i, each] of bytes.entries()) await put(`${one}/${i}-abc`, each);
      await put(`${other}/0-abc`, Buffer.from('x'));
      for (const [i, each] of bytes.entries())
        expect((await read(`${one}/${i}-abc`))?.equals(each)).toBe(true);
      expect(await parts.has(`${one}/0-abc`)).toBe(true);
      expect(await listed()).toEqual([one, other].toSorted());

      await parts.removePart(`${one}/0-abc`);
      await parts.removePart(`${one}/0-abc`);
      expect([await parts.has(`${one}/0-abc`), await read(`${one}/0-abc`)]).toEqual([false, null]);
      await parts.remove(one);
      await parts.remove(one);
      expect(await read(`${one}/1-abc`)).toBeNull();
      expect((await read(`${other}/0-abc`))?.toString()).toBe('x');
      expect(await listed()).toEqual([other]);
      await parts.remove(other);
    });
  });
}

describeParts('a folder', async () => createLocalParts(join(folder, 'uploads')));

describe.skipIf(missing !== undefined)(`with a real S3 server${because}`, () => {
  let server: S3Server;
  beforeAll(async () => {
    server = await startS3Server();
  });
  afterAll(() => server.stop());

  describeParts('a private bucket', async () =>
    createS3Parts((await createBucket(server, { readable: false })).options),
  );

  it('an upload lies in the private bucket, and never among the media', async () => {
    const media = await createBucket(server);
    const uploads = await createBucket(server, { readable: false });
    await using app = await createTestApp({
      ...media.env,
      UPLOAD_BUCKET: uploads.options.bucket,
      OCR: 'off',
    });
    const aino = await app.admin();
    const bytes = await noisePng(600);
    const { id, path } = await begin(aino.request, bytes.length);
    await sendAt(aino.request, path, 0, bytes.subarray(0, 500_000));
    expect([await media.size(), await uploads.size()]).toEqual([0, 1]);
    expect(await app.files()).toEqual([]);
    const { part_keys: keys } = await app.deps.db
      .selectFrom('resumable_uploads')
      .select('part_keys')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    expect((await fetch(`${uploads.options.publicUrl}/${keys[0]}`)).status).toBe(403);

    const last = await sendRest(aino.request, path, bytes, { from: 500_000 });
    const { url } = mediaItem.parse(await last.json());
    expect(Buffer.from(await (await fetch(url)).arrayBuffer()).equals(bytes)).toBe(true);
    expect(await uploads.size()).toBe(0);

    const other = await begin(aino.request, bytes.length);
    await sendAt(aino.request, other.path, 0, (await noisePng(600)).subarray(0, 500_000));
    expect((await stop(aino.request, other.path)).status).toBe(204);
    expect(await uploads.size()).toBe(0);
  });
});
