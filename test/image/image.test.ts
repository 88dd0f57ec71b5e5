import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REQUIRED_FOR_S3, REQUIRED_IN_PRODUCTION } from '../../app/config.schema.ts';
import { startEmbeddedDatabase, type EmbeddedDatabase } from '../../app/db/embedded.ts';
import { createLogger } from '../../app/logger.ts';
import { register, SETUP_CODE } from '../support/servers/http.ts';
import { createBucket, type TestBucket } from '../support/servers/bucket.ts';
import { pictureOfWords } from '../support/media/pictures.ts';
import { freePort } from '../support/databases/proxy.ts';
import { missingS3Server, startS3Server, type S3Server } from '../support/servers/s3-server.ts';
import { blobOf, videoOf } from '../support/media/videos.ts';
import { buildImage, findEngine, inspectImage, reachableFfmpeg, runImage, type Container } from './engine.ts';

// Builds and runs the unmodified Dockerfile. Real: the image, its user, the read-only root, the
// memory limit, PostgreSQL, videos, OCR and signals. S3 is real if installed; otherwise files lie
// in /data. Without docker or podman, local stand-ins replace the base images (base-images.sh).

/** A built image, with its arguments; CI tests the one that it has pushed. */
const GIVEN = process.env['TEST_IMAGE'];
const TAG = GIVEN ?? 'meemikansio:test';
const REVISION = process.env['TEST_IMAGE_REVISION'] ?? '0123456789abcdef0123456789abcdef01234567';
const SOURCE = process.env['TEST_IMAGE_SOURCE'] ?? 'https://example.org/meemikansio';
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
  let s3: S3Server | null = null;
  let bucket: TestBucket | null = null;
  let container: Container;

  beforeAll(async () => {
    if (GIVEN === undefined) {
      const ffmpeg = reachableFfmpeg();
      process.stdout.write(`image: building with ${built}, FFMPEG=${ffmpeg}\n`);
      buildImage(TAG, { FFMPEG: ffmpeg, REVISION, SOURCE });
    }
    folder = await mkdtemp(join(tmpdir(), 'meemikansio-image-'));
    database = await startEmbeddedDatabase(folder, createLogger('warn', false), { fsync: 'off' });
    const port = await freePort();
    if (missingS3Server() === undefined) {
      s3 = await startS3Server();
      bucket = await createBucket(s3, { origin: `http://127.0.0.1:${port}` });
    } else process.stdout.write(`image: files in its own folder. ${missingS3Server()}\n`);
    container = await runImage(built, TAG, {
      port,
      memoryBytes: MEMORY_BYTES,
      env: { DATABASE_URL: database.url, JWT_SECRET: 'x'.repeat(32), SETUP_CODE, ...bucket?.env },
    });
  });

  afterAll(async () => {
    await container?.[Symbol.asyncDispose]();
    await s3?.stop();
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
        'org.opencontainers.image.source': SOURCE,
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

  it('does its main job within its memory: account, picture, video, words, search, delete', async () => {
    const page = await fetch(container.url);
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    expect(await page.text()).toMatch(/<script/);

    const aino = await register(container.url);
    const picture = await aino.upload(await pictureOfWords(...WORDS), 'aamu.png');
    const film = blobOf(await videoOf(await pictureOfWords('Iltapala', 'goodnight moon')), 'video/mp4');
    const video = await aino.upload(film, 'ilta.mp4');
    await expect.poll(async () => (await aino.item(picture.id)).text).toBe(WORDS.join('\n'));
    await expect.poll(async () => (await aino.item(video.id)).text).toMatch(/Iltapala/);
    await expect.poll(async () => (await aino.item(video.id)).state).toBe('ready');

    const { url, thumbUrl, posterUrl } = await aino.item(video.id);
    for (const address of [picture.url, picture.thumbUrl, url, thumbUrl, posterUrl]) {
      expect(address).toMatch(bucket ? bucket.options.publicUrl : /^\/api\/files\//);
      const served = await fetch(new URL(address ?? '', container.url));
      expect(served.status).toBe(200);
      expect((await served.arrayBuffer()).byteLength).toBeGreaterThan(500);
    }

    const found = async (q: string) => (await aino.search(q)).items.map((item) => item.id);
    expect(await found('adventure')).toEqual([picture.id]);
    expect(await found('goodnight')).toEqual([video.id]);
    await aino.remove(picture.id);
    expect(await found('adventure')).toEqual([]);
    expect(container.peakMb() ?? 0).toBeLessThan(600);
  });

  it('stops in order on SIGTERM, as the first process of its container', async () => {
    expect(await container.stop()).toBe(0);
    // SIGKILL, which a platform sends after 10 s, gives no exit code.
    expect(container.output()).toMatch(/"stopping"/);
  });
});
