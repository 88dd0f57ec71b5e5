import { createServer, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createS3Storage } from '../../../app/storage/s3.ts';

const KEY = '00000000-0000-4000-8000-000000000000.png';
const SIZE = 1_000_000;

// A stand-in bucket that stops sending on demand. A real one cannot do that.
let answers: ((response: ServerResponse) => void)[] = [];
let asked = 0;
const server = createServer((_request, response) => {
  asked += 1;
  answers.shift()?.(response);
});
beforeEach(async () => {
  asked = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((done) => void server.close(done));
});

const storage = () => {
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return createS3Storage({
    bucket: 'test',
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${port}`,
    accessKeyId: 'key',
    secretAccessKey: 'secret',
    forcePathStyle: true,
    publicUrl: 'http://127.0.0.1/test',
    timeouts: { connectMs: 600_000, idleMs: 600_000 },
  });
};
const connections = () =>
  new Promise<number>((done, failed) => {
    server.getConnections((error, count) => (error ? failed(error) : done(count)));
  });

const head = (response: ServerResponse) =>
  response.writeHead(200, { 'content-length': SIZE, 'content-type': 'image/png' });
const silentAfterSome = (response: ServerResponse) => void head(response).write(Buffer.alloc(1000));
const breaksAfterSome = (response: ServerResponse) => {
  head(response).write(Buffer.alloc(1000), () => response.destroy());
};
const silent = () => {};

async function opened() {
  const stream = await storage().read(KEY);
  if (!stream) throw new Error('There is nothing to read.');
  return stream;
}

describe('an object of a bucket that nobody wants any more', () => {
  it('ends its connection although nothing of it was read', async () => {
    answers = [silentAfterSome];
    (await opened()).destroy();
    await expect.poll(connections).toBe(0);
  });

  it('ends its connection while the next bytes are awaited', async () => {
    answers = [silentAfterSome];
    const stream = await opened();
    const chunks: AsyncIterator<Buffer> = stream[Symbol.asyncIterator]();
    await chunks.next();
    const next = chunks.next().catch(() => 'ended');
    stream.destroy();
    await next;
    await expect.poll(connections).toBe(0);
  });

  it('ends its connection while it takes up again after a break', async () => {
    answers = [breaksAfterSome, silent];
    const stream = await opened();
    stream.resume();
    await expect.poll(() => asked).toBe(2);
    stream.destroy();
    await expect.poll(connections).toBe(0);
  });
});
