import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, open as openFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Storage } from '../../../app/storage/storage.ts';
import { watchMemory } from '../../support/memory.ts';

/** The contract of every storage driver. `open` returns an empty storage; `close` deletes it. */
export function describeStorage(
  name: string,
  open: () => Promise<{ storage: Storage; close(): Promise<void> }>,
): void {
  describe(`the ${name} storage`, () => {
    let storage: Storage;
    let close: () => Promise<void>;
    let folder: string;
    beforeAll(async () => {
      ({ storage, close } = await open());
      folder = await mkdtemp(join(tmpdir(), 'meemikansio-contract-'));
    });
    afterAll(async () => {
      await close();
      await rm(folder, { recursive: true, force: true });
    });

    const newKey = (extension = 'png') => `${randomUUID()}.${extension}`;
    const png = { contentType: 'image/png' };
    async function file(bytes: Uint8Array): Promise<string> {
      const path = join(folder, randomUUID());
      await writeFile(path, bytes);
      return path;
    }
    async function read(key: string, range?: { start: number; end: number }): Promise<Buffer | null> {
      const stream = await storage.read(key, range);
      return stream && buffer(stream);
    }
    async function keys(): Promise<string[]> {
      const all: string[] = [];
      for await (const object of storage.list()) all.push(object.key);
      return all;
    }

    it.each([0, 1, 65_536, 3_000_000])('gives back the %i bytes it was given', async (size) => {
      const bytes = randomBytes(size);
      const key = newKey();
      await storage.put(key, await file(bytes), png);
      expect(await storage.info(key)).toMatchObject({ key, size, contentType: 'image/png' });
      expect((await read(key))?.equals(bytes)).toBe(true);
    });

    it('keeps the owner of an object, also of its copy', async () => {
      const [key, copy, other] = [newKey(), newKey(), newKey()];
      const owner = { item: randomUUID(), role: 'object' };
      await storage.put(key, await file(randomBytes(10)), { ...png, owner });
      await storage.put(other, await file(randomBytes(10)), png);
      await storage.copy(key, copy, owner);
      expect(await storage.owners([key, copy, other, newKey()])).toEqual(
        new Map([
          [key, owner],
          [copy, owner],
        ]),
      );
    });

    it('belongs to nobody until a library claims it, and lists no object for that', async () => {
      const before = await keys();
      expect(await storage.library()).toBeNull();
      for (const library of [randomUUID(), randomUUID()]) {
        await storage.claim(library);
        expect(await storage.library()).toBe(library);
      }
      expect((await keys()).toSorted()).toEqual(before.toSorted());
    });

    it('streams 100 MB both ways in little memory', async () => {
      const path = join(folder, 'large');
      const written = createHash('sha256');
      const random = randomBytes(1_000_000);
      const out = await openFile(path, 'wx');
      for (let i = 0; i < 100; i++) {
        random.writeUInt32BE(i);
        written.update(random);
        await out.write(random);
      }
      await out.close();
      const key = newKey('mp4');
      const memory = watchMemory();
      await storage.put(key, path, { contentType: 'video/mp4' });
      const read = createHash('sha256');
      const stream = await storage.read(key);
      for await (const chunk of stream ?? []) read.update(chunk);
      const extra = memory.stop();
      expect(read.digest('hex')).toBe(written.digest('hex'));
      expect(extra).toBeLessThanOrEqual(64_000_000);
      await storage.delete(key);
      await rm(path);
    });

    it('keeps a type that a browser shows and never one that it runs, whatever was declared', async () => {
      const key = newKey('png');
      await storage.put(key, await file(Buffer.from('<script>')), {
        contentType: 'text/html',
        downloadName: 'x.html',
      });
      expect((await storage.info(key))?.contentType).toBe('image/png');
    });

    it('reads a range', async () => {
      const bytes = randomBytes(1000);
      const key = newKey();
      await storage.put(key, await file(bytes), png);
      expect((await read(key, { start: 10, end: 19 }))?.equals(bytes.subarray(10, 20))).toBe(true);
      expect((await read(key, { start: 999, end: 999 }))?.equals(bytes.subarray(999))).toBe(true);
    });

    it('says null of what is not there', async () => {
      expect(await storage.info(newKey())).toBeNull();
      expect(await storage.read(newKey())).toBeNull();
    });

    it('refuses to write a key twice and keeps the first', async () => {
      const key = newKey();
      await storage.put(key, await file(Buffer.from('first')), png);
      await expect(storage.put(key, await file(Buffer.from('second')), png)).rejects.toMatchObject({
        reason: 'exists',
      });
      expect((await read(key))?.toString()).toBe('first');
    });

    it('lets exactly one of several writers of a key win', async () => {
      const key = newKey();
      const contents = ['a', 'b', 'c', 'd'].map((letter) => Buffer.from(letter.repeat(200_000)));
      const writes = await Promise.allSettled(
        contents.map(async (bytes) => storage.put(key, await file(bytes), png)),
      );
      expect(writes.filter((write) => write.status === 'fulfilled')).toHaveLength(1);
      const winner = contents[writes.findIndex((write) => write.status === 'fulfilled')];
      expect(winner && (await read(key))?.equals(winner)).toBe(true);
    });

    it('lets one of several writers win who write in parts', async () => {
      const key = newKey('mp4');
      const contents = ['a', 'b', 'c'].map((letter) => Buffer.from(letter.repeat(6_000_000)));
      const writes = await Promise.allSettled(
        contents.map(async (bytes) => storage.put(key, await file(bytes), { contentType: 'video/mp4' })),
      );
      const won = contents.filter((_, i) => writes[i]?.status === 'fulfilled');
      expect(won.length).toBeGreaterThan(0);
      for (const write of writes)
        if (write.status === 'rejected') expect(write.reason).toMatchObject({ reason: 'exists' });
      // The object is complete and comes from one writer.
      const stored = await read(key);
      expect(won.filter((content) => stored?.equals(content))).toHaveLength(1);
    });

    it('copies an object to another key', async () => {
      const [from, to] = [newKey(), newKey()];
      await storage.put(from, await file(Buffer.from('x')), png);
      expect(await storage.copy(from, to)).toBe(true);
      expect(await read(to)).toEqual(Buffer.from('x'));
      const copied = await storage.info(to);
      expect(copied).toMatchObject({ key: to, size: 1, contentType: 'image/png' });
      await storage.delete(from);
      expect(await read(to)).toEqual(Buffer.from('x'));
    });

    it('copies nothing that is missing, and never onto a key in use', async () => {
      const [from, to] = [newKey(), newKey()];
      expect(await storage.copy(from, to)).toBe(false);
      await storage.put(to, await file(Buffer.from('first')), png);
      expect(await storage.copy(from, to)).toBe(false);
      await storage.put(from, await file(Buffer.from('second')), png);
      await expect(storage.copy(from, to)).rejects.toMatchObject({ reason: 'exists' });
      expect(await read(to)).toEqual(Buffer.from('first'));
    });

    it('keeps everything of a hidden object but its public address', async () => {
      const { addresses } = storage;
      if (!addresses) return;
      const [key, other] = [newKey(), newKey()];
      await storage.put(key, await file(Buffer.from('hidden')), png);
      const open = await storage.read(key);
      for (const _twice of [1, 2]) await addresses.hide(key);
      expect(await storage.publicInfo(key)).toBeNull();
      expect(await storage.info(key)).toMatchObject({ key, size: 6 });
      expect(await read(key, { start: 0, end: 2 })).toEqual(Buffer.from('hid'));
      expect(open && (await buffer(open)).toString()).toBe('hidden');
      expect(await keys()).toContain(key);
      expect(await storage.copy(key, other)).toBe(true);
      expect(await storage.publicInfo(other)).not.toBeNull();
      for (const _twice of [1, 2]) await addresses.show(key);
      expect(await storage.publicInfo(key)).toMatchObject({ key, size: 6 });
      await addresses.hide(key);
      await storage.delete(key);
      expect(await storage.info(key)).toBeNull();
      await addresses.show(key);
      expect(await storage.info(key)).toBeNull();
    });

    it('deletes, and does not mind doing it again', async () => {
      const key = newKey();
      await storage.put(key, await file(Buffer.from('x')), png);
      await storage.delete(key);
      await storage.delete(key);
      expect(await storage.info(key)).toBeNull();
    });

    it('leaves nothing of a write that fails', async () => {
      const key = newKey();
      const before = await keys();
      await expect(storage.put(key, join(folder, 'no such file'), png)).rejects.toThrow(/storage/);
      expect(await storage.info(key)).toBeNull();
      expect((await keys()).toSorted()).toEqual(before.toSorted());
    });

    it('lists every object', async () => {
      const mine = Array.from({ length: 20 }, () => newKey('webp'));
      for (const key of mine)
        await storage.put(key, await file(Buffer.from('x')), { contentType: 'image/webp' });
      expect(await keys()).toEqual(expect.arrayContaining(mine));
    });

    it.each([
      '',
      '.',
      '..',
      '../x.png',
      '/etc/passwd',
      'a/b.png',
      'a\\b.png',
      '%2e%2e',
      'CON.png',
      '.hidden.png',
      randomUUID(),
      `${randomUUID()}.`,
      `${randomUUID()}.png\0.html`,
      `${randomUUID().toUpperCase()}.png`,
      `${randomUUID()}.png/../../x`,
      'ä'.repeat(300),
    ])('refuses the odd key %j before it touches anything', async (key) => {
      const source = await file(Buffer.from('x'));
      await expect(storage.put(key, source, png)).rejects.toMatchObject({ reason: 'bad_key' });
      await expect(storage.info(key)).rejects.toMatchObject({ reason: 'bad_key' });
      await expect(storage.read(key)).rejects.toMatchObject({ reason: 'bad_key' });
      await expect(storage.delete(key)).rejects.toMatchObject({ reason: 'bad_key' });
      await expect(storage.copy(key, newKey())).rejects.toMatchObject({ reason: 'bad_key' });
      await expect(storage.copy(newKey(), key)).rejects.toMatchObject({ reason: 'bad_key' });
    });

    it('is well', async () => {
      expect(await storage.healthProblem()).toBeNull();
    });

    it('lists more than a thousand objects', async () => {
      const source = await file(Buffer.from('x'));
      const mine = Array.from({ length: 1050 }, () => newKey('gif'));
      const waiting = [...mine];
      const put = async () => {
        for (let key = waiting.pop(); key !== undefined; key = waiting.pop())
          await storage.put(key, source, { contentType: 'image/gif' });
      };
      await Promise.all(Array.from({ length: 16 }, put));
      const listed = await keys();
      expect(new Set(listed).size).toBe(listed.length);
      const set = new Set(listed);
      expect(mine.filter((key) => !set.has(key))).toEqual([]);
    });

    it('names an address that ends in the key', () => {
      const key = newKey();
      expect(storage.publicUrl(key)).toMatch(new RegExp(`/${key}$`));
    });
  });
}
