import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createReceiveBudget, type ReceiveBudget } from '../../../app/http/receive-budget.ts';
import { createTestApp, ORIGIN, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { createBucket } from '../../support/servers/bucket.ts';
import { descriptors } from '../../support/descriptors.ts';
import { FILE_PART, listening, raw, uploadHead, type Listening } from '../../support/servers/listening.ts';
import { picture } from '../../support/media/pictures.ts';
import { missingS3Server, startS3Server, type S3Server } from '../../support/servers/s3-server.ts';

const missing = missingS3Server();
const AT_ONCE = 25;
/** Small, so that a single leaked share shows. */
const CAPACITY = 4_000_000;
const PNG_HEAD = Buffer.from('89504e470d0a1a0a0000000d4948445200000400', 'hex');

type Backend = 'local' | 's3';
type Ending = 'FIN' | 'RST' | 'destroy' | 'FIN after the head' | 'silence';
const ENDINGS: readonly Ending[] = ['FIN', 'RST', 'destroy', 'FIN after the head', 'silence'];

/** Loses so many uploads with either storage, in every way. */
export function describeLostUploads(lost: number): void {
  describe.each<Backend>(['local', 's3'])('uploads that are lost, with files in %s storage', (backend) => {
    const skipped = backend === 's3' && missing !== undefined;
    let bucket: S3Server | undefined;
    let app: TestApp;
    let aino: Visitor;
    let server: Listening;
    let budget: ReceiveBudget;

    beforeAll(async () => {
      if (skipped) return;
      bucket = backend === 's3' ? await startS3Server() : undefined;
      const env = bucket ? (await createBucket(bucket)).env : {};
      budget = createReceiveBudget({
        capacity: CAPACITY,
        contended: { windowMs: 600_000, minBytes: 1 },
      });
      app = await createTestApp({ ...env, OCR: 'off', MAX_UPLOAD_MB: '3' }, (deps) => {
        deps.upload.budget = budget;
      });
      aino = await app.admin();
      // The server refuses a silent body after two windows.
      server = await listening(app.fetch, { body: { windowMs: 300, minBytes: 1000 } });
    });
    afterAll(async () => {
      await server?.[Symbol.asyncDispose]();
      await app?.[Symbol.asyncDispose]();
      await bucket?.stop();
    });

    /** Sends one of three megabytes, then disconnects. */
    async function lose(ending: Ending): Promise<void> {
      const connection = await raw(server.port);
      const { socket } = connection;
      socket.write(uploadHead({ cookie: aino.cookie(), origin: ORIGIN, length: 2_900_000 }));
      if (ending !== 'FIN after the head') {
        socket.write(FILE_PART);
        socket.write(PNG_HEAD);
        await new Promise<void>((sent) => void socket.write(Buffer.alloc(1_000_000, 7), () => sent()));
      }
      if (ending === 'RST') socket.resetAndDestroy();
      else if (ending === 'destroy') socket.destroy();
      else if (ending !== 'silence') socket.end();
      else expect(await connection.until(/request_timeout/)).toMatch(/^HTTP\/1\.1 408 /);
      socket.destroy();
    }

    it.skipIf(skipped)(`leaves nothing after ${lost} of them, and takes the next one`, async () => {
      await (await aino.upload(await picture(), 'first.png')).arrayBuffer();
      const loseMany = async (count: number) => {
        const endings = Array.from({ length: count }, (_, i) => ENDINGS[i % ENDINGS.length] ?? 'FIN');
        const lines = Array.from({ length: AT_ONCE }, async () => {
          for (let ending = endings.pop(); ending; ending = endings.pop()) await lose(ending);
        });
        await Promise.all(lines);
      };
      // So many concurrent requests open database connections, which stay open for a while.
      await loseMany(AT_ONCE);
      const before = await descriptors();
      await loseMany(lost);

      await expect.poll(() => budget.usage()).toEqual({ held: 0, shares: 0, waiting: 0 });
      await expect.poll(() => server.connections()).toBe(0);
      expect(await readdir(app.deps.tmpDir)).toEqual([]);
      await expect.poll(descriptors).toBeLessThanOrEqual(before + 2);

      const form = new FormData();
      form.set('file', await picture('png', { width: 700 }), 'next.png');
      const headers = { origin: ORIGIN, cookie: aino.cookie() };
      const next = await fetch(`${server.url}/api/media`, { method: 'POST', body: form, headers });
      expect(next.status, await next.text()).toBe(201);
    });
  });
}
