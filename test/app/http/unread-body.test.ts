import { Agent, request as httpRequest } from 'node:http';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError, renderError } from '../../../app/http/errors.ts';
import { ERROR_STATUS, type ErrorCode } from '../../../app/http/errors.schema.ts';
import type { AppEnv } from '../../../app/http/env.ts';
import { requestLog } from '../../../app/http/request-log.ts';
import { unreadBody } from '../../../app/http/unread-body.ts';
import { createLogger } from '../../../app/logger.ts';
import { createTestApp, ORIGIN, type TestApp, type Visitor } from '../../support/servers/app.ts';
import {
  chunk,
  FILE_PART,
  FORM_END,
  listening,
  raw,
  uploadHead,
  type Listening,
} from '../../support/servers/listening.ts';

const KEEP_ALIVE_BYTES = 100_000;
const LINGER_BYTES = 3_000_000;

/** Refuses every request without looking at its body. */
const refusing = new Hono<AppEnv>()
  .onError(renderError)
  .use(requestLog(createLogger('silent', false)))
  .use(unreadBody({ keepAliveBytes: KEEP_ALIVE_BYTES, lingerBytes: LINGER_BYTES, lingerMs: 600_000 }))
  .get('/', (c) => c.text('here'))
  .post('/:code', (c) => {
    const code = c.req.param('code');
    throw new AppError(isCode(code) ? code : 'internal', 'No.');
  });
const isCode = (code: string): code is ErrorCode => Object.hasOwn(ERROR_STATUS, code);

const EARLY: ErrorCode[] = [
  'not_signed_in',
  'foreign_origin',
  'file_too_large',
  'unsupported_type',
  'invalid_field',
  'too_many_attempts',
  'unavailable',
];

const post = (path: string, length: number | 'chunked') =>
  `POST ${path} HTTP/1.1\r\nHost: x\r\n${length === 'chunked' ? 'Transfer-Encoding: chunked' : `Content-Length: ${length}`}\r\n\r\n`;

describe('a request that is refused before its body has come', () => {
  let server: Listening;
  beforeAll(async () => {
    server = await listening(refusing.fetch);
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it.each(EARLY)('keeps the connection after a short rest: %s', async (code) => {
    const { socket, until } = await raw(server.port);
    socket.write(post(`/${code}`, 50_000));
    socket.write(Buffer.alloc(10_000));
    const answer = await until(/"code":"\w+"/);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${ERROR_STATUS[code]} `));
    expect(answer).toMatch(/\r\nConnection: keep-alive\r\n/i);
    socket.write(Buffer.alloc(40_000));
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(await until(/here/)).toMatch(/here$/);
    socket.destroy();
  });

  it.each(EARLY)('says that it closes before a long rest, and lets the answer be read: %s', async (code) => {
    const { socket, until } = await raw(server.port);
    const ended = new Promise((done) => void socket.once('end', () => done('end')).once('error', done));
    socket.write(post(`/${code}`, 2_000_000));
    const answer = await until(/"code":"\w+"/);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${ERROR_STATUS[code]} `));
    expect(answer).toMatch(/\r\nConnection: close\r\n/i);
    expect(answer).toMatch(/\r\nContent-Length: \d+\r\n/i);
    // The server does not cut off a client that sends first and reads later.
    await new Promise<void>((sent, failed) => {
      socket.write(Buffer.alloc(2_000_000), (error) => (error ? failed(error) : sent()));
    });
    expect(await ended).toBe('end');
  });

  it('says that it closes before a rest of unknown length', async () => {
    const { socket, until } = await raw(server.port);
    socket.write(post('/not_signed_in', 'chunked'));
    expect(await until(/"code":"\w+"/)).toMatch(/\r\nConnection: close\r\n/i);
    socket.destroy();
  });

  it('does not listen for ever to what nobody wants', async () => {
    const { socket, until } = await raw(server.port);
    socket.write(post('/not_signed_in', 1_000_000_000));
    await until(/"code":"\w+"/);
    let sent = 0;
    await new Promise<void>((closed) => {
      socket.once('close', () => closed());
      const more = () => {
        if (!socket.writable) return;
        sent += 100_000;
        socket.write(Buffer.alloc(100_000), more);
      };
      more();
    });
    expect(sent).toBeGreaterThan(LINGER_BYTES);
    expect(sent).toBeLessThan(100_000_000);
  });

  it('keeps no connection of a client that goes while its rest is awaited', async () => {
    for (const length of [50_000, 2_000_000]) {
      const { socket, until } = await raw(server.port);
      socket.write(post('/not_signed_in', length));
      await until(/"code":"\w+"/);
      socket.destroy();
    }
    await expect.poll(() => server.connections()).toBe(0);
  });
});

describe('an upload that is refused early', () => {
  let app: TestApp;
  let aino: Visitor;
  let server: Listening;
  beforeAll(async () => {
    app = await createTestApp({ OCR: 'off', MAX_UPLOAD_MB: '3' });
    aino = await app.admin();
    server = await listening(app.fetch);
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await app[Symbol.asyncDispose]();
  });

  const MEGABYTES = Buffer.alloc(2_500_000, 'not a picture ');
  const form = Buffer.concat([Buffer.from(FILE_PART), MEGABYTES, Buffer.from(FORM_END)]);

  it.each([
    ['401', { cookie: '' }, 'not_signed_in'],
    ['403', { origin: 'https://elsewhere.test' }, 'foreign_origin'],
    ['413', { length: 9_000_000 }, 'file_too_large'],
    ['415', {}, 'unsupported_type'],
  ])('is answered %s and told that the connection closes', async (status, given, code) => {
    const { socket, until } = await raw(server.port);
    const head = { cookie: aino.cookie(), origin: ORIGIN, length: form.length, ...given };
    socket.write(uploadHead(head));
    socket.write(form.subarray(0, 200_000));
    const answer = await until(/"code":"\w+"/);
    expect(answer).toContain(`HTTP/1.1 ${status} `);
    expect(answer).toContain(code);
    expect(answer).toMatch(/\r\nConnection: close\r\n/i);
    socket.destroy();
  });

  it('is the same for JSON of unknown length that is too long', async () => {
    const { socket, until } = await raw(server.port);
    const closed = new Promise<void>((done) => void socket.once('close', () => done()));
    const head = [
      'POST /api/auth/login HTTP/1.1',
      'Host: x',
      `Origin: ${ORIGIN}`,
      'Content-Type: application/json',
      'Transfer-Encoding: chunked',
      '\r\n',
    ];
    socket.write(head.join('\r\n'));
    for (let i = 0; i < 20; i++) socket.write(chunk('x'.repeat(60_000)));
    const answer = await until(/"code":"\w+"/);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toMatch(/\r\nConnection: close\r\n/i);
    socket.write('0\r\n\r\n');
    await closed;
  });

  it('never fails the next request of a client that keeps its connections', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 4 });
    const send = (path: string, method: string, body?: Buffer) =>
      new Promise<number>((done, failed) => {
        const headers = {
          origin: ORIGIN,
          cookie: aino.cookie(),
          ...(body && {
            'content-type': 'multipart/form-data; boundary=stream-test-boundary',
            'content-length': body.length,
          }),
        };
        const call = httpRequest(server.url + path, { method, agent, headers }, (response) => {
          response.resume().once('end', () => done(response.statusCode ?? 0));
        });
        call.once('error', failed).end(body);
      });
    for (let round = 0; round < 8; round++) {
      const refused = Array.from({ length: 4 }, () => send('/api/media', 'POST', form));
      expect(await Promise.all(refused)).toEqual([415, 415, 415, 415]);
      const next = Array.from({ length: 4 }, () => send('/api/health', 'GET'));
      expect(await Promise.all(next)).toEqual([200, 200, 200, 200]);
    }
    // As `fetch` does it.
    for (let round = 0; round < 16; round++) {
      const body = new FormData();
      body.set('file', new Blob([MEGABYTES]), 'x.bin');
      const headers = { origin: ORIGIN, cookie: aino.cookie() };
      const refused = await fetch(`${server.url}/api/media`, { method: 'POST', headers, body });
      expect(refused.status, await refused.text()).toBe(415);
      expect((await fetch(`${server.url}/api/health`)).status).toBe(200);
    }
    agent.destroy();
  });
});
