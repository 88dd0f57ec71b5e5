import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mediaItem, type MediaItem } from '../../../app/media/media.schema.ts';
import { createTestApp, ORIGIN, type TestApp } from '../../support/servers/app.ts';
import { createBucket } from '../../support/servers/bucket.ts';
import { descriptors } from '../../support/descriptors.ts';
import { listening, raw, type Listening } from '../../support/servers/listening.ts';
import { picture } from '../../support/media/pictures.ts';
import { missingS3Server, startS3Server, type S3Server } from '../../support/servers/s3-server.ts';

const missing = missingS3Server();
const CANCELLED = 500;
const AT_ONCE = 25;

type Backend = 'local' | 's3';
const KINDS = ['zip', 'range', 'whole', 'static', 'png'] as const;
const MOMENTS = ['at once', 'after the head', 'after some bytes'] as const;

describe.each<Backend>(['local', 's3'])(
  'downloads that are cancelled, with files in %s storage',
  (backend) => {
    const skipped = backend === 's3' && missing !== undefined;
    let bucket: S3Server | undefined;
    let app: TestApp;
    let server: Listening;
    let cookie = '';
    let items: MediaItem[] = [];
    let decodingUnits = 0;

    beforeAll(async () => {
      if (skipped) return;
      bucket = backend === 's3' ? await startS3Server() : undefined;
      const env = bucket ? (await createBucket(bucket)).env : {};
      app = await createTestApp({ ...env, OCR: 'off' });
      const aino = await app.admin();
      cookie = aino.cookie();
      for (const width of [1500, 1510])
        items.push(
          mediaItem.parse(
            await (await aino.upload(await picture('png', { width, height: 1500 }), `${width}.png`)).json(),
          ),
        );
      decodingUnits = app.deps.decoding.free();
      server = await listening(app.fetch);
    });
    afterAll(async () => {
      await server?.[Symbol.asyncDispose]();
      await app?.[Symbol.asyncDispose]();
      await bucket?.stop();
    });

    function request(kind: (typeof KINDS)[number]): string {
      const item = items[0];
      const file = `/api/files/${item?.url.split('/').at(-1)}`;
      const common = `Host: 127.0.0.1\r\nOrigin: ${ORIGIN}\r\nCookie: ${cookie}\r\n`;
      if (kind === 'zip') {
        const form = `ids=${items.map(({ id }) => id).join('%2C')}`;
        return `POST /api/media/zip HTTP/1.1\r\n${common}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${form.length}\r\n\r\n${form}`;
      }
      const paths = { png: `/api/media/${item?.id}/clipboard`, static: '/', range: file, whole: file };
      const range = kind === 'range' ? 'Range: bytes=10-\r\n' : '';
      return `GET ${paths[kind]} HTTP/1.1\r\n${common}${range}\r\n`;
    }

    async function cancel(nth: number): Promise<void> {
      const kind = KINDS[nth % KINDS.length] ?? 'zip';
      const moment = MOMENTS[Math.floor(nth / KINDS.length) % MOMENTS.length];
      const connection = await raw(server.port);
      await new Promise<void>((sent) => void connection.socket.write(request(kind), () => sent()));
      // A clipboard picture first waits for its turn. These tests do not wait for that.
      if (moment !== 'at once' && kind !== 'png')
        await connection.until(moment === 'after the head' ? /\r\n\r\n/ : /\r\n\r\n./);
      if (nth % 2) connection.socket.resetAndDestroy();
      else connection.socket.destroy();
    }

    it.skipIf(skipped)(`leaves no file, connection or memory held after ${CANCELLED} of them`, async () => {
      const cancelMany = async (count: number) => {
        let next = 0;
        await Promise.all(
          Array.from({ length: AT_ONCE }, async () => {
            while (next < count) await cancel(next++);
          }),
        );
      };
      const decoding = () => app.deps.decoding.free();
      // So many requests open connections to the database and the bucket, which stay open for a
      // while.
      await cancelMany(AT_ONCE * 3);
      await expect.poll(decoding).toBe(decodingUnits);
      await expect.poll(() => server.connections()).toBe(0);
      const before = await descriptors();
      await cancelMany(CANCELLED);
      await expect.poll(decoding).toBe(decodingUnits);
      await expect.poll(() => server.connections()).toBe(0);
      await expect.poll(descriptors).toBeLessThanOrEqual(before + 2);

      for (const kind of KINDS) {
        const connection = await raw(server.port);
        connection.socket.write(request(kind));
        expect(await connection.until(/\r\n\r\n/)).toMatch(/^HTTP\/1\.1 (200|206|302) /);
        connection.socket.destroy();
      }
    });
  },
);
