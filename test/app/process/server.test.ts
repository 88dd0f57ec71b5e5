import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSmallDisk } from '../../support/faults/disk.ts';
import { register } from '../../support/servers/http.ts';
import { pictureOfWords } from '../../support/media/pictures.ts';
import { startServer } from '../../support/servers/server.ts';

// Starts the whole app as users and platforms do: a process, a folder, signals.

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'meemikansio-process-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

/** The command of a user, but without the `.env` of this checkout. */
const NPM_START = ['npm', 'start', '--', '--no-env-file', '--no-install'] as const;

const WORDS = ['Aamukahvi ensin', 'adventures later'] as const;

describe('npm start', () => {
  it('makes everything in an empty folder, tells where it is, and stops in order', async () => {
    const server = await startServer({ dataDir, command: NPM_START });
    expect(server.output()).toContain(`database: the embedded PostgreSQL in ${dataDir}/postgres`);
    expect(server.output()).toContain(`files: ${dataDir}/media\n`);
    expect(server.output()).toContain('creating the embedded PostgreSQL');
    expect(server.output().trimEnd().split('\n').at(-1)).toBe(`meemikansio is at ${server.url}`);
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

  it('says at a second start where the first one is', async () => {
    await using server = await startServer({ dataDir });
    await expect(startServer({ dataDir, env: { PORT: new URL(server.url).port } })).rejects.toThrow(
      `exit code 1):\nmeemikansio is already running at ${server.url}. Open it there, or start a second one with another PORT and DATA_DIR.\n`,
    );
  });

  it('says which port another program has, and how to take another one', async () => {
    const other = createServer((_request, response) => response.end('no meemikansio'));
    await new Promise<void>((listening) => other.listen(0, listening));
    const address = other.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    await expect(startServer({ dataDir, env: { PORT: String(port) } })).rejects.toThrow(
      `exit code 1):\nPort ${port} is used by another program. Stop that program, or use another port, for example PORT=${port + 1} npm start.\n`,
    );
    other.close();
  });

  it('says which folder it may not write', async () => {
    // Nobody can make a folder there, not even root.
    await expect(startServer({ dataDir: '/sys/kernel/meemikansio' })).rejects.toThrow(
      /exit code 1\):\nThere is no permission to write \/sys\/kernel\/meemikansio \(E\w+\)\. Give this user the directory, or set DATA_DIR to another one\.\n$/,
    );
  });

  it('says that the disk is full', async () => {
    const folder = join(dataDir, 'small');
    await using _disk = await createSmallDisk(folder, 2);
    await expect(startServer({ dataDir: folder })).rejects.toThrow(
      /exit code 1\):\n(\{.*\}\n)*The disk is full\. Free some space, then start again\.\n$/,
    );
  });

  it('tells a Node that is too old what to do', async () => {
    // The launcher reads the version. This test cannot run a real old Node.
    const script = `Object.defineProperty(process.versions, 'node', { value: '20.11.1' });
      process.argv.push('start'); await import('./app/local/launch.js');`;
    const run = promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
    await expect(run).rejects.toMatchObject({
      code: 1,
      stderr:
        'meemikansio needs Node 24.7 or newer and this is 20.11.1: run npm ci, which brings one, and then npm start.\n',
    });
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
