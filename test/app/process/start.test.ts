import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { errorBody } from '../../../app/http/errors.schema.ts';
import { createEmptyDatabase, createTestDatabase } from '../../support/databases/database.ts';
import { register } from '../../support/servers/http.ts';
import { createProxy, freePort } from '../../support/databases/proxy.ts';
import { startServer } from '../../support/servers/server.ts';

// Tests the order of a cold start: the answers before and after the database is reachable.

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'meemikansio-start-'));
  await writeFile(join(dataDir, 'index.html'), '<!doctype html><title>meemikansio</title>');
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const through = (url: string, port: number) => Object.assign(new URL(url), { port: String(port) }).href;

describe('a start without its database', () => {
  it('tells health and the page at once, sends the rest away with 503, and works when the database comes', async () => {
    await using database = await createEmptyDatabase();
    await using proxy = await createProxy(new URL(database.url));
    await using server = await startServer({
      dataDir,
      earlyPort: await freePort(),
      env: { DATABASE_URL: through(database.url, proxy.port), STATIC_DIR: dataDir, REVISION: 'abc123' },
    });

    expect(await (await fetch(`${server.url}/api/health`)).json()).toEqual({
      status: 'ok',
      revision: 'abc123',
    });
    expect(await (await fetch(`${server.url}/anything`)).text()).toMatch(/meemikansio/);
    const ready = await fetch(`${server.url}/api/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ ready: false, database: expect.stringMatching(/\w/) });

    const away = await fetch(`${server.url}/api/media`);
    expect(away.status).toBe(503);
    expect(away.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(errorBody.parse(await away.json()).code).toBe('unavailable');

    // This request is pending when the database comes up, and gets its answer.
    const held = fetch(`${server.url}/api/media`);
    await proxy.open();
    expect((await held).status).toBe(401);
    await register(server.url);
    expect((await fetch(`${server.url}/api/ready`)).status).toBe(200);
    expect(await server.stop()).toBe(0);
  });

  it('serves a page that may show the pictures of the bucket', async () => {
    const bucket = {
      STORAGE_BACKEND: 's3',
      S3_BUCKET: 'memes',
      S3_REGION: 'fr-par',
      S3_ENDPOINT: 'https://s3.fr-par.scw.cloud',
      S3_ACCESS_KEY_ID: 'key',
      S3_SECRET_ACCESS_KEY: 'secret',
    };
    const DATABASE_URL = `postgres://nobody@127.0.0.1:${await freePort()}/none`;
    const env = { DATABASE_URL, STATIC_DIR: dataDir, ...bucket };
    await using server = await startServer({ dataDir, earlyPort: await freePort(), env });
    const policy = (await fetch(server.url)).headers.get('content-security-policy') ?? '';
    for (const directive of ['img-src', 'media-src', 'connect-src'])
      expect(policy).toMatch(
        new RegExp(`${directive} [^;]*https://memes\\.s3\\.fr-par\\.scw\\.cloud(;| |$)`),
      );
  });

  it('stops in order when told so while it waits', async () => {
    const server = await startServer({
      dataDir,
      earlyPort: await freePort(),
      env: { DATABASE_URL: `postgres://nobody@127.0.0.1:${await freePort()}/none` },
    });
    const tries = () => server.output().split('the database does not answer yet').length - 1;
    await expect.poll(tries).toBeGreaterThan(0);
    expect(await server.stop()).toBe(0);
    // It does not sit out the pause before the next try: no try follows the signal.
    const [, afterSignal = ''] = server.output().split('"msg":"stopping"');
    expect(server.output()).toContain('"msg":"stopping"');
    expect(afterSignal).not.toContain('the database does not answer yet');
  });
});

describe('a start on a database', () => {
  it('ends with an error when the database refuses it', async () => {
    await using database = await createTestDatabase();
    const url = Object.assign(new URL(database.url), { password: 'wrong' }).href;
    await expect(startServer({ dataDir, env: { DATABASE_URL: url } })).rejects.toThrow(
      /exit code 1\)[^]*password authentication failed/,
    );
  });
});
