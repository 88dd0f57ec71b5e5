import { mkdir, mkdtempDisposable, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isLocked } from '../../.github/scripts/tofu.ts';
import { placeLocks } from '../../stacks/locks.ts';

it('a synthesized stack has the hashes of its providers, where they are known', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'locks-'));
  const [locks, stacks] = [join(folder.path, 'locks'), join(folder.path, 'stacks')];
  await mkdir(locks);
  for (const name of ['bootstrap', 'production']) await mkdir(join(stacks, name), { recursive: true });
  placeLocks(locks, stacks);
  expect(await readdir(join(stacks, 'production'))).toEqual([]);

  await writeFile(join(locks, 'production.lock.hcl'), 'hashes');
  placeLocks(locks, stacks);
  expect(await readFile(join(stacks, 'production/.terraform.lock.hcl'), 'utf8')).toBe('hashes');
  expect(await readdir(join(stacks, 'bootstrap'))).toEqual([]);
});

it('no stack has hashes that nobody has resolved', () => {
  expect(isLocked('no-such-environment')).toBe(false);
});
