import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { register } from '../../support/servers/http.ts';
import { pictureOfWords } from '../../support/media/pictures.ts';
import { startServer } from '../../support/servers/server.ts';

// These start the whole thing as people and platforms do: a process, a folder, signals.

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'meemikansio-process-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const WORDS = ['Aamukahvi ensin', 'adventures later'] as const;

describe('npm start', () => {
  it('makes everything in an empty folder, tells where it is, and stops in order', async () => {
    const server = await startServer({ dataDir, command: ['npm', 'start'] });
    expect(server.output()).toMatch(/meemikansio is at http:\/\/localhost:\d+/);
    const page = await fetch(server.url);
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    expect(await page.text()).toMatch(/<script/);

    const aino = await register(server.url);
    const { id } = await aino.upload(await pictureOfWords(...WORDS), 'aamu.png');
    await expect.poll(async () => (await aino.item(id)).text).toBe(WORDS.join('\n'));
    expect((await aino.search('adventure')).items.map((item) => item.id)).toEqual([id]);

    await server.stop();
    expect(await readdir(join(dataDir, 'tmp'))).toEqual([]);
    expect(await readdir(join(dataDir, 'postgres/cluster'))).not.toContain('postmaster.pid');
  });
});

describe('the process', () => {
  it('reads the words of an upload it answered 201 to, although it was killed before', async () => {
    const first = await startServer({ dataDir });
    const aino = await register(first.url);
    const { id } = await aino.upload(await pictureOfWords(...WORDS), 'aamu.png');
    await first.kill();

    const { port } = new URL(first.url);
    const second = await startServer({ dataDir, env: { PORT: port } });
    await expect
      .poll(async () => aino.item(id), { interval: 500 })
      .toMatchObject({ state: 'ready', text: WORDS.join('\n') });
    expect(await second.stop()).toBe(0);
  });

  it('refuses a folder in use by another one in one clear line', async () => {
    await using server = await startServer({ dataDir });
    const second = startServer({ dataDir });
    await expect(second).rejects.toThrow(/exit code 1\):\nAnother meemikansio is running on .*DATA_DIR\.\n$/);
    expect((await fetch(`${server.url}/api/ready`)).status).toBe(200);
  });

  it('says which port is taken', async () => {
    await using server = await startServer({ dataDir });
    const other = await mkdtemp(join(tmpdir(), 'meemikansio-process-'));
    await expect(startServer({ dataDir: other, env: { PORT: new URL(server.url).port } })).rejects.toThrow(
      /EADDRINUSE/,
    );
    await rm(other, { recursive: true, force: true });
  });

  it('does not start in production without its secrets, and names them', async () => {
    await expect(startServer({ dataDir, env: { NODE_ENV: 'production' } })).rejects.toThrow(
      /DATABASE_URL: is required in production\n.*JWT_SECRET: is required in production/,
    );
  });

  it('runs under Node 24 whatever npm itself runs under', async () => {
    const { stdout } = await promisify(execFile)('npm', ['exec', '--', 'node', '--version']);
    expect(stdout).toMatch(/^v24\./);
  });
});
