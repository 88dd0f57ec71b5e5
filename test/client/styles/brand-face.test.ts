import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const folder = join(import.meta.dirname, '../../../client/styles/fonts');

it('the files of the brand face are those that its page tells the making of', async () => {
  const page = await readFile(join(folder, 'README.md'), 'utf8');
  const rows = [...page.matchAll(/\| `(\S+\.woff2)` .* `([0-9a-f]{64})` \|/g)].map(([, name, hash]) => [
    name,
    hash,
  ]);
  const fonts = (await readdir(folder)).filter((name) => name.endsWith('.woff2'));
  expect(fonts).toHaveLength(2);
  for (const name of fonts) {
    const hash = createHash('sha256')
      .update(await readFile(join(folder, name)))
      .digest('hex');
    expect(rows).toContainEqual([name, hash]);
  }
});
