import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, ORIGIN, type TestApp, type Visitor } from '../../support/servers/app.ts';
import {
  BOUNDARY,
  FILE_PART,
  listening,
  raw,
  uploadHead,
  type Listening,
} from '../../support/servers/listening.ts';
import { describeLostUploads } from './lost-uploads.contract.ts';

// lost-uploads.long.test.ts loses more of them.
describeLostUploads(50);

describe('a form that breaks off', () => {
  let app: TestApp;
  let aino: Visitor;
  let server: Listening;
  beforeAll(async () => {
    app = await createTestApp({ OCR: 'off' });
    aino = await app.admin();
    server = await listening(app.fetch);
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await app[Symbol.asyncDispose]();
  });

  it.each([
    [
      'in an extra file',
      `${FILE_PART}x\r\n--${BOUNDARY}\r\nContent-Disposition: form-data; name="more"; filename="b"\r\n\r\nab`,
    ],
    ['in its file', `${FILE_PART}abc`],
    ['in a field', `--${BOUNDARY}\r\nContent-Disposition: form-data; name="title"\r\n\r\nab`],
    ['in a part without a name', `--${BOUNDARY}\r\nContent-Disposition: form-data\r\n\r\nab`],
    ['in the head of a part', `--${BOUNDARY}\r\nContent-Disp`],
    ['before its first part', `--${BOUNDARY}`],
    ['in its boundary', `${FILE_PART}abc\r\n--${BOUNDARY.slice(0, 5)}`],
  ])('is refused %s, in whichever pieces it comes', async (_, form) => {
    for (const size of [form.length, 7, 1]) {
      const connection = await raw(server.port);
      connection.socket.setNoDelay(true);
      connection.socket.write(uploadHead({ cookie: aino.cookie(), origin: ORIGIN, length: form.length }));
      for (let at = 0; at < form.length; at += size) connection.socket.write(form.slice(at, at + size));
      expect(await connection.until(/"code":"\w+"/)).toMatch(/^HTTP\/1\.1 (400|415) /);
      connection.socket.destroy();
    }
    expect(app.deps.upload.budget.usage()).toEqual({ held: 0, shares: 0, waiting: 0 });
    expect(await readdir(app.deps.tmpDir)).toEqual([]);
  });
});
