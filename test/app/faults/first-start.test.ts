import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEmptyDatabase, type TestDatabase } from '../../support/databases/database.ts';
import { createSmallDisk } from '../../support/faults/disk.ts';
import { register } from '../../support/servers/http.ts';
import { startServer } from '../../support/servers/server.ts';

// The first start writes what every later start reads.

let folder: string;
let dataDir: string;
let database: TestDatabase;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meemikansio-first-start-'));
  dataDir = join(folder, 'data');
  database = await createEmptyDatabase();
});
afterEach(async () => {
  await database[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const start = (url: string | null) =>
  startServer({ dataDir, env: { OCR: 'off', ...(url !== null && { DATABASE_URL: url }) } });

describe('a first start', () => {
  // Only root may mount a disk. whole-file.test.ts has the same failure without a mount.
  it.runIf(process.getuid?.() === 0)(
    'on a full disk says so and leaves no secret, and works once there is room',
    async () => {
      await using disk = await createSmallDisk(dataDir, 2);
      expect(disk.kind).toBe('tmpfs');
      await disk.fill(process.pid);
      await expect(start(database.url)).rejects.toThrow(/The disk is full/);
      expect((await readdir(dataDir)).filter((name) => name.startsWith('jwt-secret'))).toEqual([]);

      await disk.free(process.pid);
      await using server = await start(database.url);
      await register(server.url);
      expect(await readFile(join(dataDir, 'jwt-secret'), 'utf8')).toMatch(/^[0-9a-f]{64}$/);
    },
  );

  it.each([
    ['empty', '', /jwt-secret is empty: .* Remove it/],
    ['cut short', 'ab12', /jwt-secret has 4 characters instead of 64: .* Remove it/],
    ['of zero bytes', '\0'.repeat(64), /jwt-secret does not hold 64 hexadecimal digits\. Remove it/],
  ])('refuses a secret that is %s in one sentence', async (_what, secret, told) => {
    await mkdir(dataDir);
    await writeFile(join(dataDir, 'jwt-secret'), secret);
    const refused = await start(database.url).catch(String);
    expect(refused).toMatch(told);
    expect(refused).not.toMatch(/\n\s+at /);
  });

  it('refuses an empty password of its own database in one sentence', async () => {
    await mkdir(join(dataDir, 'postgres', 'cluster'), { recursive: true });
    await writeFile(join(dataDir, 'postgres', 'cluster', 'PG_VERSION'), '18\n');
    await writeFile(join(dataDir, 'postgres', 'password'), '');
    const refused = await start(null).catch(String);
    expect(refused).toMatch(/postgres\/password is empty: .* Restore it from a backup/);
    expect(refused).not.toMatch(/\n\s+at /);
  });
});
