import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REQUIRED_FOR_S3, REQUIRED_IN_PRODUCTION } from '../../app/config.schema.ts';
import { startEmbeddedDatabase, type EmbeddedDatabase } from '../../app/db/embedded.ts';
import { createLogger } from '../../app/logger.ts';
import { register } from '../support/http.ts';
import { pictureOfWords } from '../support/pictures.ts';
import { freePort } from '../support/proxy.ts';
import { buildImage, findEngine, inspectImage, reachableFfmpeg, runImage, type Container } from './engine.ts';

// The Dockerfile as it stands, built and run. Real: the image, its user, the read-only root, the memory limit, PostgreSQL,
// files, OCR, signals. Without docker or podman the base images are local stand-ins (base-images.sh).

const TAG = 'meemikansio:test';
const REVISION = '0123456789abcdef0123456789abcdef01234567';
const MEMORY_BYTES = 1_024_000_000;
const WORDS = ['Aamukahvi ensin', 'adventures later'] as const;

const engine = findEngine();
if (engine === null) {
  process.stdout.write(
    'image: skipped, there is no docker, no podman, and no buildah with mmdebstrap that root could use (apt-get install buildah mmdebstrap)\n',
  );
}

describe.skipIf(engine === null)('the image', () => {
  const built = engine ?? 'buildah';
  let folder: string;
  let database: EmbeddedDatabase;
  let container: Container;

  beforeAll(async () => {
    const ffmpeg = reachableFfmpeg();
    process.stdout.write(`image: building with ${built}, FFMPEG=${ffmpeg}\n`);
    buildImage(TAG, { FFMPEG: ffmpeg, REVISION, SOURCE: 'https://example.org/meemikansio' });
    folder = await mkdtemp(join(tmpdir(), 'meemikansio-image-'));
    database = await startEmbeddedDatabase(folder, createLogger('warn', false), { fsync: 'off' });
    container = await runImage(built, TAG, {
      port: await freePort(),
      memoryBytes: MEMORY_BYTES,
      env: { DATABASE_URL: database.url, JWT_SECRET: 'x'.repeat(32) },
    });
  }, 900_000);

  afterAll(async () => {
    await container?.[Symbol.asyncDispose]();
    await database?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('says what it is, who runs it and how to ask whether it lives', () => {
    const { config } = inspectImage(built, TAG);
    expect(config).toMatchObject({
      User: '1000:1000',
      Cmd: ['node', 'server/main.js'],
      StopSignal: 'SIGTERM',
      ExposedPorts: { '3000/tcp': {} },
      Labels: {
        'org.opencontainers.image.revision': REVISION,
        'org.opencontainers.image.source': 'https://example.org/meemikansio',
      },
    });
    expect(config.Healthcheck.Test.slice(0, 2)).toEqual(['CMD', 'node']);
  });

  it('holds no secret: none is set, and no step of the build was given one', () => {
    const { config, history } = inspectImage(built, TAG);
    const names = config.Env.map((line) => line.split('=')[0]);
    for (const secret of [...REQUIRED_IN_PRODUCTION, ...REQUIRED_FOR_S3]) {
      expect(names).not.toContain(secret);
      expect(history.join('\n')).not.toContain(`${secret}=`);
    }
  });

  it('has neither npm nor the tools that built it', async () => {
    for (const absent of ['npm', 'npx', 'vite', 'tsc'])
      await expect(container.exec('sh', '-c', `command -v ${absent}`), absent).rejects.toThrow();
    expect((await container.exec('ls', '/app')).split(/\s+/)).toEqual([
      'compile-cache',
      'models',
      'server',
      'static',
    ]);
  });

  it('runs without privileges and can write to one folder only', async () => {
    expect(await container.exec('id', '-u')).toBe('1000');
    for (const folder of ['/app', '/app/compile-cache', '/tmp', '/'])
      await expect(container.exec('touch', join(folder, 'x')), folder).rejects.toThrow();
    expect(await container.exec('sh', '-c', 'touch /data/x && rm /data/x && echo written')).toBe('written');
  });

  it('passes its own health check, and tells its revision', async () => {
    const { config } = inspectImage(built, TAG);
    const [, ...command] = config.Healthcheck.Test;
    const port = new URL(container.url).port;
    expect(await container.exec('env', `PORT=${port}`, ...command)).toBe('');
    await expect(container.exec('env', 'PORT=9', ...command)).rejects.toThrow();
    expect(await (await fetch(`${container.url}/api/health`)).json()).toEqual({
      status: 'ok',
      revision: REVISION,
    });
  });

  it('has an ffmpeg that runs', async () => {
    expect(await container.exec('ffmpeg', '-version')).toMatch(/^ffmpeg version/);
  });

  it('does its main job within its memory: account, upload, words, search, delete', async () => {
    const page = await fetch(container.url);
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    expect(await page.text()).toMatch(/<script/);

    const aino = await register(container.url);
    const { id, thumbUrl } = await aino.upload(await pictureOfWords(...WORDS), 'aamu.png');
    expect((await fetch(new URL(thumbUrl ?? '', container.url))).status).toBe(200);
    await expect.poll(async () => (await aino.item(id)).text, { timeout: 60_000 }).toBe(WORDS.join('\n'));
    expect((await aino.search('adventure')).items.map((item) => item.id)).toEqual([id]);
    await aino.remove(id);
    expect((await aino.search('adventure')).items).toEqual([]);
    expect(container.peakMb() ?? 0).toBeLessThan(600);
  }, 120_000);

  it('stops in order within 10 s of SIGTERM, as the first process of its container', async () => {
    const told = performance.now();
    expect(await container.stop()).toBe(0);
    expect(performance.now() - told).toBeLessThan(10_000);
    expect(container.output()).toMatch(/"stopping"/);
  });
});
