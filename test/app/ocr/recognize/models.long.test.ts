import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { createTestDatabase } from '../../../support/databases/database.ts';
import { register } from '../../../support/servers/http.ts';
import { startServer } from '../../../support/servers/server.ts';

const ROOT = join(import.meta.dirname, '../../../..');

/** Copies the server's own files to another folder, so that its models can be damaged. */
async function copyOfServer(folder: string): Promise<string> {
  for (const part of ['app', 'migrations', 'models', 'package.json'])
    await cp(join(ROOT, part), join(folder, part), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return join(folder, 'app/main.ts');
}

it('damaged models are said at the start and when asked, uploads work, and what waited is read after the repair', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'meemikansio-models-'));
  try {
    const entry = await copyOfServer(folder);
    await writeFile(join(folder, 'models/fin.traineddata.gz'), 'damaged');
    await using database = await createTestDatabase();
    await using server = await startServer({
      dataDir: join(folder, 'data'),
      env: { DATABASE_URL: database.url },
      command: [process.execPath, entry],
    });
    await expect
      .poll(server.output)
      .toMatch(/Text recognition is unavailable: .*fin\.traineddata\.gz.*corrupt/);
    const ready = await fetch(`${server.url}/api/ready`);
    expect(ready.status).toBe(200);
    expect(await ready.text()).toMatch(/fin\.traineddata\.gz/);

    const aino = await register(server.url);
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="200"><rect width="100%" height="100%" fill="#fff"/><text x="30" y="120" font-size="64" font-family="DejaVu Sans">malli korjattu</text></svg>';
    const picture = await sharp(Buffer.from(svg)).png().toBuffer();
    const { id } = await aino.upload(new Blob([Uint8Array.from(picture)]), 'malli.png');
    await expect.poll(async () => (await aino.item(id)).state).toBe('ready');
    expect((await aino.item(id)).text).toBe('');

    await cp(join(ROOT, 'models'), join(folder, 'models'), { recursive: true, force: true });
    // The app looks for models once a minute.
    await expect.poll(async () => (await aino.item(id)).text, { interval: 1_000 }).toBe('malli korjattu');
    expect((await aino.search('korjattu')).items.map((item) => item.id)).toEqual([id]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
