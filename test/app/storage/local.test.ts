import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createLocalStorage } from '../../../app/storage/local.ts';
import { describeStorage } from './storage.contract.ts';

describeStorage('local', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'meemikansio-local-'));
  return {
    storage: createLocalStorage({ directory }),
    async close() {
      // No test leaves a draft behind.
      expect(await readdir(join(directory, '.drafts'))).toEqual([]);
      await rm(directory, { recursive: true, force: true });
    },
  };
});

it('says what is wrong with a folder that cannot be written', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'meemikansio-local-'));
  await writeFile(join(directory, 'file'), 'in the way');
  const storage = createLocalStorage({ directory: join(directory, 'file', 'media') });
  expect(await storage.healthProblem()).toMatch(/cannot be written/);
  await rm(directory, { recursive: true, force: true });
});

it('sweeps away drafts of a killed process, once they are old', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'meemikansio-local-'));
  const storage = createLocalStorage({ directory });
  expect(await storage.sweep(0)).toBe(0);
  await mkdir(join(directory, '.drafts'));
  for (const name of ['old', 'young']) await writeFile(join(directory, '.drafts', name), 'half a pictu');
  await utimes(join(directory, '.drafts', 'old'), new Date(), new Date(Date.now() - 3_600_000));
  expect(await storage.sweep(60_000)).toBe(1);
  expect(await readdir(join(directory, '.drafts'))).toEqual(['young']);
  await rm(directory, { recursive: true, force: true });
});

it('counts a copied object as new: the sweep must not take it before its row names it', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'meemikansio-local-'));
  const storage = createLocalStorage({ directory });
  const [from, to] = [`${randomUUID()}.png`, `${randomUUID()}.png`];
  await storage.put(from, import.meta.filename, { contentType: 'image/png' });
  const old = new Date(Date.now() - 48 * 3_600_000);
  await utimes(join(directory, from.slice(0, 2), from), old, old);
  const before = Date.now() - 60_000;
  expect((await storage.info(from))?.lastModified.getTime()).toBeLessThan(before);
  await storage.copy(from, to);
  for (const key of [from, to])
    expect((await storage.info(key))?.lastModified.getTime()).toBeGreaterThan(before);
  await rm(directory, { recursive: true, force: true });
});
