import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Upload, type UploadOptions } from 'tus-js-client';
import { mediaItem } from '../../../app/media/media.schema.ts';
import { PART_BYTES } from '../../../app/resumable/resumable.limits.ts';
import { noisePng } from '../../support/media/noise.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { listening, type Listening } from '../../support/servers/listening.ts';
import { makeToken } from '../../support/servers/tokens.ts';

// The client of the protocol's own authors, with a token, as a program has it.

let app: TestApp;
let aino: Visitor;
let server: Listening;
let headers: Record<string, string>;
beforeAll(async () => {
  app = await createTestApp({ OCR: 'off' });
  aino = await app.admin();
  server = await listening(app.fetch);
  headers = { authorization: `Bearer ${(await makeToken(aino, ['upload'])).token}` };
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await app[Symbol.asyncDispose]();
});

/** Sends a file, and returns the body of the last answer. `begin` gets the upload. */
const send = (file: Buffer, options: UploadOptions, begin: (upload: Upload) => void = (one) => one.start()) =>
  new Promise<string>((done, failed) => {
    const upload = new Upload(file, {
      endpoint: `${server.url}/api/uploads`,
      headers,
      metadata: { filename: 'trip.png', title: 'Matka' },
      retryDelays: null,
      onSuccess: ({ lastResponse }) => done(lastResponse.getBody()),
      onError: failed,
      ...options,
    });
    begin(upload);
  });

describe('the client of tus', () => {
  it.each([Number.POSITIVE_INFINITY, 1_000_000])(
    'sends a file in requests of %d bytes',
    async (chunkSize) => {
      const file = await noisePng(800);
      const item = mediaItem.parse(JSON.parse(await send(file, { chunkSize })));
      expect(item).toMatchObject({ title: 'Matka', originalName: 'trip.png', byteSize: file.length });
      const original = Buffer.from(await (await aino.request(item.url)).arrayBuffer());
      expect(original.equals(file)).toBe(true);
    },
  );

  /** Sends the first part of a file, and then stops. Returns the address of the upload. */
  async function stopAfterPart(file: Buffer, terminate: boolean): Promise<string> {
    const stopped = Promise.withResolvers<string>();
    let upload: Upload | undefined;
    const onChunkComplete = () => {
      const url = upload?.url ?? '';
      upload?.abort(terminate).then(() => stopped.resolve(url), stopped.reject);
    };
    void send(file, { chunkSize: PART_BYTES, onChunkComplete, onError: stopped.reject }, (one) => {
      upload = one;
      one.start();
    });
    return stopped.promise;
  }

  it('resumes an upload that was stopped in the middle', async () => {
    const file = await noisePng(1700);
    const uploadUrl = await stopAfterPart(file, false);
    const asked = { method: 'HEAD', headers: { ...headers, 'tus-resumable': '1.0.0' } };
    const { headers: told } = await fetch(uploadUrl, asked);
    expect(Number(told.get('upload-offset'))).toBeGreaterThanOrEqual(PART_BYTES);
    const item = mediaItem.parse(JSON.parse(await send(file, { uploadUrl, chunkSize: PART_BYTES })));
    expect(item.byteSize).toBe(file.length);
  });

  it('ends an upload', async () => {
    const url = await stopAfterPart(await noisePng(1700), true);
    expect((await fetch(url, { headers })).status).toBe(404);
    await expect
      .poll(async () => (await app.files()).filter((name) => name.startsWith('uploads/')))
      .toEqual([]);
  });
});
