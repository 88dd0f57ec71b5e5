import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpServer } from '../../../app/http/server.ts';
import { createTestApp, ORIGIN, type TestApp, type Visitor } from '../../support/servers/app.ts';
import {
  BOUNDARY,
  chunk,
  FILE_PART,
  FORM_END,
  listening,
  partHead,
  raw,
  uploadHead,
  type Listening,
  type Raw,
} from '../../support/servers/listening.ts';
import { picture } from '../../support/media/pictures.ts';

const WINDOW_MS = 500;
const MAX_BYTES = 3_000_000;

let app: TestApp;
let aino: Visitor;
let eve: Visitor;
let server: Listening;
let patient: Listening;
beforeAll(async () => {
  app = await createTestApp({ OCR: 'off', MAX_UPLOAD_MB: String(MAX_BYTES / 1e6) });
  aino = await app.admin();
  eve = await app.member(aino, 'Eve');
  server = await listening(app.fetch, { body: { windowMs: WINDOW_MS, minBytes: 1000 } });
  patient = await listening(app.fetch);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await patient[Symbol.asyncDispose]();
  await app[Symbol.asyncDispose]();
});

/**
 * Writes a piece repeatedly, every tenth of a window. Ends when all are written or the other side
 * disconnects.
 */
function drip({ socket }: Raw, pieces: readonly (Buffer | string)[]): void {
  let next = 0;
  const timer = setInterval(() => {
    const piece = pieces[next++];
    if (piece === undefined || !socket.writable) clearInterval(timer);
    else socket.write(piece);
  }, WINDOW_MS / 10);
}

describe('a body', () => {
  it.each([
    [
      'of an upload that is silent',
      () => uploadHead({ cookie: aino.cookie(), origin: ORIGIN, length: 9000 }) + FILE_PART,
    ],
    [
      'of JSON that is silent',
      () =>
        `POST /api/auth/login HTTP/1.1\r\nHost: x\r\nOrigin: ${ORIGIN}\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{`,
    ],
  ])('%s is answered 408 and its connection closed', async (_, head) => {
    const connection = await raw(server.port);
    const closed = new Promise((done) => void connection.socket.once('close', done));
    connection.socket.write(head());
    const answer = await connection.until(/request_timeout/);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toMatch(/\r\nConnection: close\r\n/);
    await closed;
  });

  it('that drips is answered 408 too', async () => {
    const connection = await raw(server.port);
    connection.socket.write(uploadHead({ cookie: aino.cookie(), origin: ORIGIN, length: 2_000_000 }));
    connection.socket.write(FILE_PART);
    drip(
      connection,
      Array.from({ length: 10_000 }, () => 'x'),
    );
    expect(await connection.until(/request_timeout/)).toMatch(/^HTTP\/1\.1 408 /);
    expect(app.deps.upload.budget.usage().shares).toBeLessThanOrEqual(1);
    await expect.poll(() => app.deps.upload.budget.usage().shares).toBe(0);
    expect(await readdir(app.deps.tmpDir)).toEqual([]);
  });

  it('may take as long as it likes while it moves', async () => {
    const bytes = Buffer.from(await (await picture('png', { width: 400 })).arrayBuffer());
    const form = Buffer.concat([Buffer.from(FILE_PART), bytes, Buffer.from(FORM_END)]);
    const connection = await raw(server.port);
    connection.socket.write(uploadHead({ cookie: aino.cookie(), origin: ORIGIN, length: form.length }));
    // Lasts eight time windows, each with more than the required bytes.
    const size = Math.ceil(form.length / 80);
    expect(size).toBeGreaterThan(200);
    drip(
      connection,
      Array.from({ length: 80 }, (_, i) => form.subarray(i * size, (i + 1) * size)),
    );
    expect(await connection.until(/\r\n\r\n.+/)).toMatch(/^HTTP\/1\.1 201 /);
    connection.socket.destroy();
  });

  it('has no limit on its whole time, and headers have one', async () => {
    const plain = createHttpServer(app.fetch);
    expect(plain.requestTimeout).toBe(0);
    expect(plain.headersTimeout).toBe(60_000);
  });
});

describe('uploads of one person', () => {
  it('do not keep others from theirs, silent or dripping, however large they say they are', async () => {
    const connections = await Promise.all(Array.from({ length: 200 }, () => raw(patient.port)));
    for (const { socket } of connections) {
      socket.write(uploadHead({ cookie: eve.cookie(), origin: ORIGIN, length: MAX_BYTES }));
      socket.write(FILE_PART);
    }
    const { budget } = app.deps.upload;
    await expect.poll(() => budget.usage().shares).toBe(200);
    const form = new FormData();
    form.set('file', await picture('png', { width: 500 }), 'meme.png');
    const headers = { origin: ORIGIN, cookie: aino.cookie() };
    const answer = await fetch(`${patient.url}/api/media`, { method: 'POST', headers, body: form });
    expect(answer.status, await answer.text()).toBe(201);
    for (const { socket } of connections) socket.destroy();
    await expect.poll(() => budget.usage()).toEqual({ held: 0, shares: 0, waiting: 0 });
  });
});

describe('every part of a form counts', () => {
  const part = (disposition: string) => `\r\n${partHead(disposition)}`;
  it.each([
    ['a part without a name', partHead('')],
    ['a second file', `${FILE_PART}GIF89a and so on${part('; name="more"; filename="b.png"')}`],
    ['a file of another name', partHead('; name="other"; filename="b.png"')],
    ['one long field', partHead('; name="title"')],
    ['the head of a part', `--${BOUNDARY}\r\nContent-Disposition: form-data; name="`],
    ['what comes before the first part', ''],
    ['what comes after the last', `${partHead('; name="title"')}x${FORM_END}`],
  ])('%s', async (_, before) => {
    const connection = await raw(patient.port);
    const { socket } = connection;
    socket.write(uploadHead({ cookie: aino.cookie(), origin: ORIGIN }));
    if (before !== '') socket.write(chunk(before));
    const sent = flood(connection, () => chunk(Buffer.alloc(64_000, 'y')));
    const answer = await connection.until(/"code":"\w+"/);
    socket.destroy();
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('body_too_large');
    expect(sent()).toBeLessThan(5 * MAX_BYTES);
  });

  it('repeated fields', async () => {
    const connection = await raw(patient.port);
    connection.socket.write(uploadHead({ cookie: aino.cookie(), origin: ORIGIN }));
    flood(connection, () => chunk(`${partHead('; name="title"')}${'y'.repeat(5000)}\r\n`));
    expect(await connection.until(/"code":"\w+"/)).toMatch(/^HTTP\/1\.1 413 .*body_too_large/s);
    connection.socket.destroy();
  });

  /**
   * Sends until the answer arrives.
   * @returns a function that gives the bytes sent
   */
  function flood({ socket, text }: Raw, piece: () => Buffer): () => number {
    let sent = 0;
    const more = () => {
      if (!socket.writable || text() !== '') return;
      const bytes = piece();
      sent += bytes.length;
      socket.write(bytes, more);
    };
    more();
    return () => sent;
  }
});
