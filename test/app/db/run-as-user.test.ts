import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findUnprivileged } from '../../../app/db/run-as-user.ts';

describe.skipIf(process.getuid?.() !== 0)('a program that root runs as another user', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'meemikansio-root-only-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  // initdb looks for its own programs by access(2), before it runs them.
  it('finds and runs the programs below a folder that only root can enter', async () => {
    const program = join(folder, 'program');
    await writeFile(program, '#!/bin/sh\ntest "$(id -u)" != 0', { mode: 0o755 });
    const unprivileged = await findUnprivileged([program]);
    await expect(unprivileged?.run(program, [], '/')).resolves.toBeUndefined();
    await expect(unprivileged?.run('test', ['-x', program], '/')).resolves.toBeUndefined();
  });
});
