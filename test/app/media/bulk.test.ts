import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { errorBody } from '../../../app/http/errors.schema.ts';
import { mediaItem, mediaList, type MediaItem } from '../../../app/media/media.schema.ts';
import { movedItems } from '../../../app/media/bulk.schema.ts';
import { MAX_BULK_ITEMS } from '../../../app/media/media.limits.ts';
import { zipOf } from '../../../app/media/zip.ts';
import { contributorNames } from '../../../app/search/search.schema.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { createBucket } from '../../support/servers/bucket.ts';
import { watchMemory } from '../../support/memory.ts';
import { picture } from '../../support/media/pictures.ts';
import { missingS3Server, startS3Server } from '../../support/servers/s3-server.ts';

const NOBODY = '01900000-0000-7000-8000-000000000000';

let app: TestApp;
let aino: Visitor;
let eino: Visitor;
let own: MediaItem[];
let others: MediaItem[];

const add = async (visitor: Visitor, fields: Record<string, string> = {}) =>
  mediaItem.parse(await (await visitor.upload(await picture(), 'kuva.png', fields)).json());
const ids = (items: readonly MediaItem[]) => items.map(({ id }) => id);
const move = async (visitor: Visitor, where: 'trash' | 'restore', all: readonly string[]) =>
  movedItems.parse(await (await visitor.send('POST', `/api/media/${where}`, { ids: all })).json()).ids;
const list = async (visitor: Visitor, query = '') =>
  mediaList.parse(await (await visitor.request(`/api/media${query}`)).json()).items.map(({ id }) => id);
const zip = (visitor: Visitor, all: readonly string[]) =>
  visitor.request('/api/media/zip', { method: 'POST', body: new URLSearchParams({ ids: all.join(',') }) });
const code = async (response: Response) => errorBody.parse(await response.json()).code;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/**
 * Tests and unpacks an archive with a real unzip.
 * @returns the digest of each file by its name
 */
async function unzipped(archive: Uint8Array): Promise<Map<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'meemikansio-zip-'));
  try {
    const path = join(folder, 'a.zip');
    await writeFile(path, archive);
    const env = { ...process.env, LC_ALL: 'C.UTF-8' };
    execFileSync('unzip', ['-tqq', path], { env });
    execFileSync('unzip', ['-qq', path, '-d', join(folder, 'out')], { env });
    const names = await readdir(join(folder, 'out'));
    const contents = await Promise.all(names.map((name) => readFile(join(folder, 'out', name))));
    return new Map(names.map((name, i) => [name, sha256(contents[i] ?? new Uint8Array())]));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const original = async (visitor: Visitor, item: MediaItem) =>
  sha256(new Uint8Array(await (await visitor.request(item.url)).arrayBuffer()));

beforeAll(async () => {
  app = await createTestApp({ OCR: 'off' });
  aino = await app.admin();
  eino = await app.member(aino, 'Eino');
});
afterAll(() => app[Symbol.asyncDispose]());
beforeEach(async () => {
  await app.deps.db.deleteFrom('media').execute();
  own = [await add(eino, { title: 'Hyvää huomenta' }), await add(eino, { title: 'Hyvää huomenta' })];
  others = [await add(aino, { title: '日本語 🍀' })];
});

describe('POST /api/media/trash and /restore', () => {
  it('moves one’s own items and leaves those of others where they are', async () => {
    const all = [...ids(own), ...ids(others), NOBODY];
    expect((await move(eino, 'trash', all)).toSorted()).toEqual(ids(own).toSorted());
    expect(await list(eino)).toEqual(ids(others));
    expect((await list(eino, '?trash=true')).toSorted()).toEqual(ids(own).toSorted());
    expect((await move(eino, 'restore', all)).toSorted()).toEqual(ids(own).toSorted());
    expect(await list(eino)).toHaveLength(3);
  });

  it('moves anybody’s items for an admin', async () => {
    expect(await move(aino, 'trash', [...ids(own), ...ids(others)])).toHaveLength(3);
    expect(await move(eino, 'restore', ids(others))).toEqual([]);
    expect(await move(aino, 'restore', ids(own))).toHaveLength(2);
  });

  it('names only what moved, so that undoing it brings back nothing that was in the trash before', async () => {
    await eino.send('DELETE', `/api/media/${own[0]?.id}`);
    expect(await move(eino, 'trash', ids(own))).toEqual([own[1]?.id]);
  });

  it('bears the same change from many sides at once', async () => {
    const all = ids(own);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) => move(eino, 'trash', i % 2 ? all : all.toReversed())),
    );
    expect(answers.flat().toSorted()).toEqual(all.toSorted());
  });

  it.each([
    ['no ids', []],
    ['what is no id', ['x']],
    ['no list', 'x'],
    ['too many ids', Array.from({ length: MAX_BULK_ITEMS + 1 }, () => NOBODY)],
  ])('refuses %s', async (_, bad) => {
    for (const where of ['trash', 'restore']) {
      const response = await eino.send('POST', `/api/media/${where}`, { ids: bad });
      expect(response.status).toBe(422);
      expect(await code(response)).toBe('invalid_field');
    }
  });
});

describe('POST /api/media/zip', () => {
  it('answers an archive that unzip opens, with every original under a name of its own', async () => {
    const response = await zip(eino, [...ids(own), ...ids(others)]);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/zip');
    expect(response.headers.get('content-disposition')).toMatch(
      /^attachment; filename="meemikansio-\d{4}-\d\d-\d\d\.zip"/,
    );
    const archive = new Uint8Array(await response.arrayBuffer());
    expect(response.headers.get('content-length')).toBe(String(archive.length));
    const [first, second] = await Promise.all(own.map((item) => original(eino, item)));
    const [other] = await Promise.all(others.map((item) => original(eino, item)));
    expect(await unzipped(archive)).toEqual(
      new Map([
        ['Hyvää huomenta (2).png', first],
        ['Hyvää huomenta.png', second],
        ['日本語 🍀.png', other],
      ]),
    );
  });

  it('leaves out what is in the trash of others, and is not found when nothing is left', async () => {
    await move(aino, 'trash', ids([...own, ...others]));
    const archive = new Uint8Array(await (await zip(eino, ids([...own, ...others]))).arrayBuffer());
    expect((await unzipped(archive)).size).toBe(2);
    const nothing = await zip(eino, ids(others));
    expect(nothing.status).toBe(404);
    expect(await code(nothing)).toBe('not_found');
  });

  it.each([
    ['no ids', '', 422],
    ['what is no id', 'x', 422],
    ['a list that breaks off', `${NOBODY},`, 422],
    ['too many ids', Array.from({ length: MAX_BULK_ITEMS + 1 }, () => NOBODY).join(','), 422],
    ['a flood', 'x'.repeat(70_000), 413],
  ])('refuses %s', async (_, bad, status) => {
    const response = await zip(eino, [bad]);
    expect(response.status).toBe(status);
    expect(errorBody.safeParse(await response.json()).success).toBe(true);
  });

  it('says that a malformed form is one, and no broken JSON', async () => {
    const response = await aino.request('/api/media/zip', {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
      body: '--y\r\nno form',
    });
    expect([response.status, await code(response)]).toEqual([400, 'invalid_request']);
  });

  it('breaks off rather than ending whole when an object is missing', async () => {
    const lost = (await app.files()).find((path) => path.includes(own[0]?.url.split('/').at(-1) ?? '?'));
    await unlink(join(app.dataDir, lost ?? ''));
    const response = await zip(eino, ids(own));
    await expect(response.arrayBuffer()).rejects.toThrow(/missing/);
  });
});

describe('zipOf', () => {
  it('reads no further than it is asked for, and closes what it reads when nobody wants it any more', async () => {
    const { storage } = app.deps;
    const opened: { destroyed: boolean; bytesRead: number }[] = [];
    const watched: typeof storage = {
      ...storage,
      async read(key) {
        const stream = await storage.read(key);
        let bytesRead = 0;
        stream?.on('data', (chunk: Buffer) => (bytesRead += chunk.length)).pause();
        if (stream)
          opened.push({
            get destroyed() {
              return stream.destroyed;
            },
            get bytesRead() {
              return bytesRead;
            },
          });
        return stream;
      },
    };
    const big = mediaItem.parse(
      await (await eino.upload(await picture('png', { width: 1500, height: 1500 }), 'iso.png')).json(),
    );
    expect(big.byteSize).toBeGreaterThan(1_000_000);
    const key = big.url.split('/').at(-1) ?? '';
    const entries = Array.from({ length: 50 }, (_, i) => ({
      name: `${i}.png`,
      key,
      size: big.byteSize,
      at: new Date(),
    }));
    const { body, size } = zipOf(watched, entries);
    expect(size).toBeGreaterThan(50n * BigInt(big.byteSize));
    const reader = body.getReader();
    for (let i = 0; i < 5; i++) await reader.read();
    expect(opened).toHaveLength(1);
    expect(opened[0]?.bytesRead).toBeLessThan(500_000);
    await reader.cancel();
    expect(opened.map(({ destroyed }) => destroyed)).toEqual([true]);
  });

  it('writes zip64 where sizes and places need it', async () => {
    // 4.4 GB of zeros, made during the read. Only the headers of the output are kept.
    const chunk = new Uint8Array(1_000_000);
    const size = 1_100_000_000;
    const storage = {
      ...app.deps.storage,
      read: async () => {
        return Readable.from(
          (function* zeros() {
            for (let i = 0; i < size / chunk.length; i++) yield chunk;
          })(),
          { objectMode: false },
        );
      },
    };
    const entries = Array.from({ length: 4 }, (_, i) => ({
      name: `${i}.png`,
      key: 'k',
      size,
      at: new Date(),
    }));
    const zip64 = zipOf(storage, entries);
    let bytes = 0n;
    let parts = 0;
    let tail = new Uint8Array();
    const memory = watchMemory();
    for await (const part of zip64.body) {
      bytes += BigInt(part.length);
      parts += 1;
      if (parts % 64 === 0) await setImmediate(); // lets the memory watch run
      if (part.length < 10_000) tail = new Uint8Array([...tail, ...part].slice(-1000));
    }
    const extra = memory.stop();
    expect(bytes).toBe(zip64.size);
    // "PK\6\6", the end record of zip64 (APPNOTE 4.3.14).
    expect(Buffer.from(tail).includes(Buffer.from([0x50, 0x4b, 6, 6]))).toBe(true);
    expect(extra).toBeLessThanOrEqual(64_000_000);
  });
});

const missing = missingS3Server();
describe.skipIf(missing !== undefined)(`with files in a bucket${missing ? `: ${missing}` : ''}`, () => {
  it('packs them all the same', async () => {
    const server = await startS3Server();
    try {
      const bucket = await createBucket(server);
      await using away = await createTestApp({ ...bucket.env, OCR: 'off' });
      const louhi = await away.admin();
      const items = [await add(louhi, { title: 'sama' }), await add(louhi, { title: 'sama' })];
      const archive = new Uint8Array(await (await zip(louhi, ids(items))).arrayBuffer());
      const contents = await Promise.all(
        items.map(async ({ url }) => sha256(new Uint8Array(await (await fetch(url)).arrayBuffer()))),
      );
      expect([...(await unzipped(archive)).values()].toSorted()).toEqual(contents.toSorted());
    } finally {
      await server.stop();
    }
  });
});

describe('GET /api/search/people', () => {
  it('names those who have something in the folder', async () => {
    const named = async () =>
      contributorNames.parse(await (await eino.request('/api/search/people')).json()).people;
    expect(await named()).toEqual(['Aino', 'Eino']);
    await move(eino, 'trash', ids(own));
    expect(await named()).toEqual(['Aino']);
  });
});
