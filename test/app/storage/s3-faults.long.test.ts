import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createS3Storage } from '../../../app/storage/s3.ts';
import type { Storage } from '../../../app/storage/storage.ts';
import { createBucket, type TestBucket } from '../../support/servers/bucket.ts';
import { createFaultProxy, type Fault, type FaultProxy } from '../../support/databases/fault-proxy.ts';
import { objectKeys } from '../../support/objects.ts';
import { missingS3Server, startS3Server, type S3Server } from '../../support/servers/s3-server.ts';

const missing = missingS3Server();
const because = missing === undefined ? '' : `: ${missing}`;
const SMALL = randomBytes(200_000);
/** Three parts of a multipart upload. */
const LARGE = randomBytes(12_000_000);

describe.skipIf(missing !== undefined)(`a storage behind a bad network${because}`, () => {
  let server: S3Server;
  let bucket: TestBucket;
  let folder: string;
  const source = { small: '', large: '' };
  beforeAll(async () => {
    server = await startS3Server();
    bucket = await createBucket(server);
    folder = await mkdtemp(join(tmpdir(), 'meemikansio-faults-'));
    source.small = join(folder, 'small');
    source.large = join(folder, 'large');
    await writeFile(source.small, SMALL);
    await writeFile(source.large, LARGE);
  });
  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  interface Rig extends AsyncDisposable {
    proxy: FaultProxy;
    storage: Storage;
    key: string;
  }
  async function rig(): Promise<Rig> {
    const proxy = await createFaultProxy(server.endpoint);
    const timeouts = { connectMs: 1000, idleMs: 1000 };
    const storage = createS3Storage({ ...bucket.options, endpoint: proxy.url, timeouts });
    const dispose = () => proxy[Symbol.asyncDispose]();
    return { proxy, storage, key: `${randomUUID()}.png`, [Symbol.asyncDispose]: dispose };
  }
  const png = { contentType: 'image/png' };
  const direct = () => createS3Storage(bucket.options);
  const stored = async (key: string) => {
    const stream = await direct().read(key);
    return stream && buffer(stream);
  };
  const FAULTS: readonly Fault[] = ['503', 'drop', 'lose-answer', 'hang'];

  it.each(FAULTS)('writes in spite of %s, twice', async (fault) => {
    await using r = await rig();
    r.proxy.next(/^PUT/, fault, fault);
    await r.storage.put(r.key, source.small, png);
    expect((await stored(r.key))?.equals(SMALL)).toBe(true);
    expect(r.proxy.requests.filter((line) => line.startsWith('PUT')).length).toBeGreaterThanOrEqual(2);
  });

  it.each([
    ['a part', /^PUT .*partNumber=2/],
    ['the beginning', /^POST .*\?uploads/],
    ['the end', /^POST .*uploadId=/],
  ])('writes in parts in spite of failures of %s', async (_what, match) => {
    await using r = await rig();
    r.proxy.next(match, '503', 'drop', 'hang');
    await r.storage.put(r.key, source.large, png);
    expect((await stored(r.key))?.equals(LARGE)).toBe(true);
    expect((await bucket.unfinished()).filter((key) => key === r.key)).toEqual([]);
  });

  it.each([
    ['a part', /^PUT .*partNumber=2/, '503'],
    ['a part that hangs', /^PUT .*partNumber=3/, 'hang'],
    ['the beginning', /^POST .*\?uploads/, 'lose-answer'],
    ['the end', /^POST .*uploadId=/, 'drop'],
  ] as const)('gives up when %s never works, and leaves no parts', async (_what, match, fault) => {
    await using r = await rig();
    r.proxy.always(match, fault);
    await expect(r.storage.put(r.key, source.large, png)).rejects.toMatchObject({ reason: 'failed' });
    expect(await direct().info(r.key)).toBeNull();
    expect((await bucket.unfinished()).filter((key) => key === r.key)).toEqual([]);
  });

  it('counts a write as done when only the answers were lost', async () => {
    await using r = await rig();
    r.proxy.always(/^PUT/, 'lose-answer');
    await r.storage.put(r.key, source.small, png);
    expect((await stored(r.key))?.equals(SMALL)).toBe(true);
  });

  it('leaves no parts when the file goes away under it', async () => {
    await using r = await rig();
    await expect(r.storage.put(r.key, join(folder, 'nowhere'), png)).rejects.toMatchObject({
      reason: 'failed',
    });
    expect(await direct().info(r.key)).toBeNull();
  });

  it('reads to the end over connections that break in the middle', async () => {
    const key = `${randomUUID()}.png`;
    await direct().put(key, source.large, png);
    await using r = await rig();
    r.proxy.next(/^GET/, 'cut-answer', '503', 'cut-answer', 'drop');
    const stream = await r.storage.read(key);
    expect(stream && (await buffer(stream)).equals(LARGE)).toBe(true);
    const range = { start: 1_000_000, end: 2_999_999 };
    r.proxy.next(/^GET/, 'cut-answer', 'hang', 'cut-answer');
    const part = await r.storage.read(key, range);
    expect(part && (await buffer(part)).equals(LARGE.subarray(1_000_000, 3_000_000))).toBe(true);
  });

  it('fails, and does not end early, when a read breaks every time', async () => {
    const key = `${randomUUID()}.png`;
    await direct().put(key, source.large, png);
    await using r = await rig();
    r.proxy.always(/^GET/, 'cut-answer');
    const stream = await r.storage.read(key);
    await expect(stream && buffer(stream)).rejects.toMatchObject({ name: 'StorageError' });
  });

  it.each(FAULTS)('looks, lists and deletes in spite of %s', async (fault) => {
    await using r = await rig();
    await direct().put(r.key, source.small, png);
    r.proxy.next(/./, fault);
    expect((await r.storage.info(r.key))?.size).toBe(SMALL.length);
    r.proxy.next(/^GET/, fault);
    expect(await objectKeys(r.storage)).toContain(r.key);
    r.proxy.next(/^DELETE/, fault);
    await r.storage.delete(r.key);
    expect(await direct().info(r.key)).toBeNull();
  });

  it('says in a sentence that the server fails or hangs', async () => {
    await using r = await rig();
    r.proxy.always(/^PUT/, '503');
    expect(await r.storage.healthProblem()).toMatch(/fails \(503/);
    await using other = await rig();
    other.proxy.always(/./, 'hang');
    expect(await other.storage.healthProblem()).toMatch(/does not answer \(\w+\)/);
  });

  it('refuses a wrong signature, and reads nothing with it', async () => {
    const storage = createS3Storage({ ...bucket.options, secretAccessKey: 'wrong' });
    const key = `${randomUUID()}.png`;
    await expect(storage.put(key, source.small, png)).rejects.toMatchObject({ reason: 'failed' });
    expect(await direct().info(key)).toBeNull();
  });

  it('says that the clock is wrong when the server does not tell the right one', async () => {
    // A server without the Date header gives nothing to correct the clock by.
    const silent = createServer((incoming, answer) => {
      const to = new URL(incoming.url ?? '/', server.endpoint);
      const { method, headers } = incoming;
      const outgoing = request(to, { method, headers }, (response) => {
        const { date: _date, ...rest } = response.headers;
        answer.sendDate = false;
        answer.writeHead(response.statusCode ?? 500, rest);
        response.pipe(answer);
      });
      incoming.pipe(outgoing);
    }).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const storage = createS3Storage({ ...bucket.options, endpoint: `http://127.0.0.1:${port}` });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3_600_000 });
    try {
      expect(await storage.healthProblem()).toMatch(/clock of this machine differs/);
    } finally {
      vi.useRealTimers();
      silent.close();
      silent.closeAllConnections();
    }
  });
});
