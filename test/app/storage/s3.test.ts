import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateMultipartUploadCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createS3Storage, type S3StorageOptions } from '../../../app/storage/s3.ts';
import { createBucket, type TestBucket } from '../../support/servers/bucket.ts';
import { objectKeys } from '../../support/objects.ts';
import { missingS3Server, startS3Server, type S3Server } from '../../support/servers/s3-server.ts';
import { describeStorage } from './storage.contract.ts';

const missing = missingS3Server();
const because = missing === undefined ? '' : `: ${missing}`;
const ORIGIN = 'https://memes.example';

describe.skipIf(missing !== undefined)(`with a real S3 server${because}`, () => {
  let server: S3Server;
  let bucket: TestBucket;
  let folder: string;
  let picture: string;
  beforeAll(async () => {
    server = await startS3Server();
    bucket = await createBucket(server, { origin: ORIGIN });
    folder = await mkdtemp(join(tmpdir(), 'meemikansio-s3-'));
    picture = join(folder, 'picture');
    await writeFile(picture, 'pixels');
  });
  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  describeStorage('S3', async () => {
    const { options, unfinished } = await createBucket(server, { origin: ORIGIN });
    return {
      storage: createS3Storage(options),
      async close() {
        expect(await unfinished()).toEqual([]);
      },
    };
  });

  it('sweeps away uploads in parts that a killed process left, once they are old, and nobody else’s', async () => {
    const { options, client, unfinished } = await createBucket(server);
    const storage = createS3Storage(options);
    const ours = `${randomUUID()}.mp4`;
    for (const Key of [ours, 'holiday.mp4'])
      await client.send(new CreateMultipartUploadCommand({ Bucket: options.bucket, Key }));
    expect(await storage.sweep(3_600_000)).toBe(0);
    expect((await unfinished()).toSorted()).toEqual([ours, 'holiday.mp4'].toSorted());
    expect(await storage.sweep(-5000)).toBe(1);
    expect(await unfinished()).toEqual(['holiday.mp4']);
  });

  describe('an object', () => {
    it('is for anybody who knows its key, cached with a question before each use, shown in place, saved under its name', async () => {
      const storage = createS3Storage(bucket.options);
      const key = `${randomUUID()}.png`;
      await storage.put(key, picture, { contentType: 'image/png', downloadName: 'mäyrä "1"\r\nX: y.png' });
      const response = await fetch(storage.publicUrl(key), { headers: { origin: ORIGIN } });
      expect(response.status).toBe(200);
      expect(await response.text()).toBe('pixels');
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'content-type': 'image/png',
        'cache-control': 'public, no-cache',
        'content-disposition': `inline; filename="m_yr_ _1__X: y.png"; filename*=UTF-8''m%C3%A4yr%C3%A4%20%221%22_X%3A%20y.png`,
        'access-control-allow-origin': ORIGIN,
      });
      expect((await fetch(storage.publicUrl(key), { headers: { range: 'bytes=1-2' } })).status).toBe(206);
      expect((await fetch(bucket.options.publicUrl)).status).toBe(403); // nobody may list
    });

    it('is saved as a file by a signed address, which asks for nothing else', async () => {
      const storage = createS3Storage(bucket.options);
      const key = `${randomUUID()}.png`;
      await storage.put(key, picture, { contentType: 'image/png' });
      const address = (await storage.redirectUrl(key, 'kissa.png')) ?? '';
      const response = await fetch(address);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="kissa.png"/);
      expect((await fetch(address.replace('kissa.png', 'koira.png'))).status).toBe(403);
      expect(await storage.redirectUrl(key)).toBe(storage.publicUrl(key));
    });

    it('of somebody else in the bucket is not listed', async () => {
      const storage = createS3Storage(bucket.options);
      const foreign = { Bucket: bucket.options.bucket, Key: 'folder/readme.txt' };
      await bucket.client.send(new PutObjectCommand({ ...foreign, Body: 'mine' }));
      for await (const { key } of storage.list()) expect(key).not.toContain('readme');
      expect(await bucket.client.send(new HeadObjectCommand(foreign))).toMatchObject({ ContentLength: 4 });
    });
  });

  describe('the check', () => {
    const problem = (changes: Partial<S3StorageOptions>) =>
      createS3Storage({ ...bucket.options, ...changes }).healthProblem();

    it.each([
      ['a key nobody knows', { accessKeyId: 'NOBODY' }, /S3_ACCESS_KEY_ID/],
      ['a wrong secret', { secretAccessKey: 'wrong' }, /S3_SECRET_ACCESS_KEY/],
      ['a bucket that is not there', { bucket: 'no-such-bucket' }, /no bucket no-such-bucket/],
      ['a server that is not there', { endpoint: 'http://127.0.0.1:1' }, /does not answer \(ECONNREFUSED\)/],
      ['a wrong public address', { publicUrl: 'http://127.0.0.1:1/x' }, /S3_PUBLIC_URL/],
    ])('says so of %s', async (_what, changes, sentence) => {
      expect(await problem(changes)).toMatch(sentence);
    });

    it('says that nobody can read the bucket', async () => {
      const { options } = await createBucket(server, { readable: false });
      expect(await createS3Storage(options).healthProblem()).toMatch(/not readable without credentials/);
    });

    it('says that scripts of the page may not read, with everything else well', async () => {
      const storage = createS3Storage({ ...bucket.options, pageOrigin: 'https://other.example' });
      expect(await storage.healthProblem()).toBeNull();
      expect(await storage.warning()).toMatch(/CORS rules do not allow GET from https:\/\/other\.example/);
      expect(await createS3Storage(bucket.options).warning()).toBeNull();
    });

    it('leaves nothing behind', async () => {
      const { options } = await createBucket(server, { origin: ORIGIN });
      const storage = createS3Storage(options);
      expect(await storage.healthProblem()).toBeNull();
      expect(await objectKeys(storage)).toEqual([]);
    });
  });

  describe('a clock that is an hour wrong', () => {
    afterAll(() => void vi.useRealTimers());

    it('is worked around by the time the server names, and told', async () => {
      const storage = createS3Storage(bucket.options);
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3_600_000 });
      const key = `${randomUUID()}.png`;
      await storage.put(key, picture, { contentType: 'image/png' });
      expect((await storage.info(key))?.size).toBe(6);
      expect(await storage.warning()).toMatch(/clock of this machine is 60 min behind/);
      const address = (await storage.redirectUrl(key, 'kissa.png')) ?? '';
      expect((await fetch(address)).status).toBe(200);
    });
  });
});
