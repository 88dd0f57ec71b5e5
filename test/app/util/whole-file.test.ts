import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readWhole, writeWhole } from '../../../app/util/whole-file.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meemikansio-whole-'));
  path = join(folder, 'file');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });

describe('a file that is written whole', () => {
  it('replaces the one before, with its permissions, and leaves nothing else', async () => {
    await writeFile(path, 'before');
    await writeWhole(path, 'after', { mode: 0o600 });
    expect(await readFile(path, 'utf8')).toBe('after');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['file']);
  });

  it('is not there under its name before it is complete', async () => {
    const seen = await writeWhole(path, async (draft) => {
      await writeFile(draft, 'half');
      const names = await readdir(folder);
      await writeFile(draft, 'whole');
      return names;
    });
    expect(seen).toHaveLength(1);
    expect(seen).not.toContain('file');
    expect(await readFile(path, 'utf8')).toBe('whole');
  });

  it.each([
    ['nothing', []],
    ['what was there', ['file']],
  ])('leaves %s when the disk is full in the middle', async (_what, names) => {
    if (names.length > 0) await writeFile(path, 'before');
    const half = writeWhole(path, async (draft) => {
      await writeFile(draft, 'half');
      throw full;
    });
    await expect(half).rejects.toBe(full);
    expect(await readdir(folder)).toEqual(names);
    if (names.length > 0) expect(await readFile(path, 'utf8')).toBe('before');
  });

  it('replaces nothing when it is to be new, and one of many writers wins', async () => {
    const written = await Promise.allSettled(
      ['a', 'b', 'c', 'd'].map((text) => writeWhole(path, text, { exclusive: true })),
    );
    expect(written.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(written.filter(({ status }) => status === 'rejected')).toHaveLength(3);
    expect(await readFile(path, 'utf8')).toMatch(/^[a-d]$/);
    expect(await readdir(folder)).toEqual(['file']);
  });
});

describe('a file that is read whole', () => {
  it('is told by a sentence that names it when it is empty or cut short', async () => {
    expect(await readWhole(path, 4, 'Remove it.')).toBeNull();
    await writeFile(path, 'four\n');
    expect(await readWhole(path, 4, 'Remove it.')).toBe('four');
    await writeFile(path, '');
    await expect(readWhole(path, 4, 'Remove it.')).rejects.toThrow(
      `${path} is empty: it was not written to its end. Remove it.`,
    );
    await writeFile(path, 'fou');
    await expect(readWhole(path, 4, 'Remove it.')).rejects.toThrow('has 3 characters instead of 4');
  });
});
