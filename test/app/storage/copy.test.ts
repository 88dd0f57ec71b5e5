import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { copyStorage } from '../../../app/storage/copy.ts';
import { createLocalStorage } from '../../../app/storage/local.ts';
import type { Storage } from '../../../app/storage/storage.ts';
import { objectKeys } from '../../support/objects.ts';

let folder: string;
let from: Storage;
let to: Storage;
const put = async () => {
  const key = `${randomUUID()}.png`;
  await from.put(key, import.meta.filename, { contentType: 'image/png' });
  return key;
};
const copy = () => copyStorage({ from, to, nameOf: async () => null, folder });
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meemikansio-copy-'));
  from = createLocalStorage({ directory: join(folder, 'from') });
  to = createLocalStorage({ directory: join(folder, 'to') });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('copies hidden objects, too', async () => {
  const keys = [await put(), await put()];
  await from.addresses?.hide(keys[0] ?? '');
  expect(await copy()).toMatchObject({ copied: 2, skipped: 0, gone: 0 });
  expect((await objectKeys(to)).toSorted()).toEqual(keys.toSorted());
  expect(await copy()).toMatchObject({ copied: 0, skipped: 2, gone: 0 });
});

it('leaves no object of an item that gets another address before or after it is copied', async () => {
  const [before, after, kept] = [await put(), await put(), await put()];
  const read = from.read.bind(from);
  vi.spyOn(from, 'read').mockImplementation(async (key, range) => {
    if (key === before) await from.delete(key);
    const stream = await read(key, range);
    if (key === after) await from.delete(key);
    return stream;
  });
  expect(await copy()).toMatchObject({ copied: 1, skipped: 0, gone: 2 });
  expect(await objectKeys(to)).toEqual([kept]);
});
