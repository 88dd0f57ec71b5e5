import { gzipSync } from 'node:zlib';
import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { picture } from '../../support/media/pictures.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';
import {
  endOfFetch,
  expectNothingLeft,
  fetchOf,
  itemsOf,
  startFetch,
} from '../../support/servers/fetching.ts';
import { createOrigin, PUBLIC_ADDRESS, redirects, sends, type Origin } from '../../support/servers/origin.ts';

// Every bad answer ends the fetch with a code, for which the app has words. Nothing stays.

const MAX_BYTES = 1_000_000;
let app: TestApp;
let origin: Origin;
let aino: Visitor;
let png: Buffer;
beforeAll(async () => {
  origin = await createOrigin();
  app = await createTestApp({ OCR: 'off', MAX_UPLOAD_MB: String(MAX_BYTES / 1e6) }, (deps) => {
    deps.network = origin.network;
  });
  aino = await app.admin();
  png = Buffer.from(await (await picture('png', { width: 500, height: 500 })).arrayBuffer());
  await app.work();
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await origin[Symbol.asyncDispose]();
});
beforeEach(() => {
  origin.answers.clear();
  origin.names.clear();
  origin.closed.clear();
  for (const list of [origin.requests, origin.targets, origin.resolved]) list.length = 0;
});

/** Fetches an address, and returns the code of its failure. */
async function failureOf(url: string, meanwhile: (id: string) => Promise<void> = async () => {}) {
  const stored = await app.files();
  const { id } = await startFetch(aino, url);
  await meanwhile(id);
  const { state, failure, itemId } = await endOfFetch(aino, id);
  expect([state, itemId]).toEqual(['failed', null]);
  await expectNothingLeft(app, origin);
  expect(await app.files()).toEqual(stored);
  expect(await itemsOf(aino)).toEqual([]);
  return failure;
}

/** Writes for ever, as fast as it is read. */
function writeForEver(response: ServerResponse, piece: string | Buffer): void {
  const more = () => {
    while (response.writable && !response.destroyed && response.write(piece));
  };
  response.on('drain', more);
  more();
}

describe('an answer', () => {
  it.each<[what: string, failure: string, answer: (response: ServerResponse) => void]>([
    [
      'without an end',
      'file_too_large',
      (response) => {
        response.writeHead(200, { 'content-type': 'image/png' });
        response.write(png.subarray(0, 1000));
        writeForEver(response, Buffer.alloc(60_000));
      },
    ],
    [
      'without an end that is no picture',
      'unsupported_type',
      (response) => {
        response.writeHead(200, { 'content-type': 'image/png' });
        writeForEver(response, 'no picture '.repeat(5000));
      },
    ],
    [
      'that announces a terabyte',
      'file_too_large',
      (response) => {
        response.writeHead(200, { 'content-length': '1000000000000' });
        response.write(png);
      },
    ],
    [
      'that is shorter than announced',
      'address_broken_off',
      (response) => {
        response.writeHead(200, { 'content-length': String(png.length) });
        response.write(png.subarray(0, 5000), () => void response.destroy());
      },
    ],
    [
      'that is longer than announced',
      'broken_file',
      (response) => {
        response.writeHead(200, { 'content-length': '5000' });
        response.end(png);
      },
    ],
    [
      'that ends in the middle of a chunk',
      'address_broken_off',
      ({ socket }) => {
        socket?.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1000\r\n');
        socket?.end(png.subarray(0, 200));
      },
    ],
    ['of nothing', 'empty_file', sends('', 'image/png')],
    ['of HTML that claims to be a picture', 'unsupported_type', sends('<html>', 'image/png')],
    ['of a page without a picture', 'nothing_there', sends('<title>Not found</title>', 'text/html')],
    [
      'that is compressed',
      'address_not_ok',
      (response) =>
        sends(gzipSync(Buffer.alloc(MAX_BYTES * 100)), 'image/png', { 'content-encoding': 'gzip' })(response),
    ],
    [
      'of a compressed page',
      'address_not_ok',
      (response) => sends(gzipSync('<html>'), 'text/html', { 'content-encoding': 'br, gzip' })(response),
    ],
    ['404', 'address_not_ok', (response) => void response.writeHead(404).end(png)],
    ['500', 'address_not_ok', (response) => void response.writeHead(500).end()],
    ['204', 'address_not_ok', (response) => void response.writeHead(204).end()],
    ['206', 'address_not_ok', (response) => void response.writeHead(206).end(png)],
    ['302 without an address', 'address_not_ok', (response) => void response.writeHead(302).end()],
    ['that is no HTTP', 'address_unreachable', ({ socket }) => void socket?.end('kissa\r\n\r\n')],
    ['of nothing at all', 'address_unreachable', ({ socket }) => void socket?.end()],
    ['that breaks off', 'address_unreachable', ({ socket }) => void socket?.resetAndDestroy()],
    [
      'that switches the protocol',
      'address_unreachable',
      ({ socket }) =>
        void socket?.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'),
    ],
    [
      'with endless headers',
      'address_unreachable',
      ({ socket }) => void socket?.write(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(200_000)}`),
    ],
  ])('%s fails: %s', async (_what, failure, answer) => {
    origin.answers.set('a.example/a.png', answer);
    expect(await failureOf('http://a.example/a.png')).toBe(failure);
  });
});

describe('time', () => {
  it.each<[what: string, answer: (response: ServerResponse) => void]>([
    ['no answer', () => {}],
    ['headers alone', (response) => response.writeHead(200, { 'content-type': 'image/png' }).flushHeaders()],
    [
      'a page that does not come',
      (response) => response.writeHead(200, { 'content-type': 'text/html' }).flushHeaders(),
    ],
    ['half of an answer', ({ socket }) => void socket?.write('HTTP/1.1 200')],
  ])('ends a fetch that gets %s', async (_what, answer) => {
    origin.answers.set('a.example/a.png', answer);
    const failure = await failureOf('http://a.example/a.png', async () => {
      await expect.poll(() => origin.requests).toHaveLength(1);
      origin.endTime();
    });
    expect(failure).toBe('address_too_slow');
  });

  it('ends a fetch that gets a byte now and then', async () => {
    origin.answers.set('a.example/a.png', (response) => {
      response.writeHead(200, { 'content-length': String(png.length) });
      let at = 0;
      const timer = setInterval(() => void response.write(png.subarray(at, ++at)), 10);
      response.on('close', () => clearInterval(timer));
    });
    const failure = await failureOf('http://a.example/a.png', async (id) => {
      await expect.poll(async () => (await fetchOf(aino, id)).receivedSize).toBeGreaterThan(1);
      origin.endTime();
    });
    expect(failure).toBe('address_too_slow');
  });

  it('ends a fetch whose name is not resolved', async () => {
    const { resolve } = origin.network;
    const asked = Promise.withResolvers<void>();
    origin.network.resolve = (_name, signal) => {
      asked.resolve();
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new Error('cancelled')));
      });
    };
    const failure = await failureOf('http://a.example/a.png', async () => {
      await asked.promise;
      origin.endTime();
    });
    origin.network.resolve = resolve;
    expect(failure).toBe('address_too_slow');
  });
});

describe('a redirect', () => {
  it('is followed three times, and not for ever', async () => {
    origin.answers.set('a.example/a', redirects('/a'));
    expect(await failureOf('http://a.example/a')).toBe('too_many_redirects');
    expect(origin.requests).toHaveLength(4);
  });

  it.each([
    ['http://127.0.0.1/', 'address_refused'],
    ['http://[::1]/', 'address_refused'],
    ['//169.254.169.254/latest/meta-data/', 'address_refused'],
    ['http://0x7f.1/', 'address_refused'],
    ['http://inside.example/', 'address_refused'],
    ['http://a.example:8080/', 'address_invalid'],
    ['http://user:secret@b.example/', 'address_invalid'],
    ['file:///etc/passwd', 'address_invalid'],
    ['gopher://b.example/', 'address_invalid'],
  ])('to %s is not followed', async (location, failure) => {
    origin.names.set('inside.example', [['10.0.0.7']]);
    origin.answers.set('a.example/a', redirects(location));
    expect(await failureOf('http://a.example/a')).toBe(failure);
    expect(origin.targets).toHaveLength(1);
  });
});

describe('a name', () => {
  it.each([
    ['loopback', ['127.0.0.1']],
    ['a private network', ['192.168.1.1']],
    ['metadata', ['169.254.169.254']],
    ['loopback by IPv6', ['::1']],
    ['a mapped address', ['::ffff:10.0.0.1']],
    ['a public and a private address', [PUBLIC_ADDRESS, '10.0.0.1']],
    ['a private and a public address', ['fd00::1', PUBLIC_ADDRESS]],
    ['many public addresses and a private one', ['1.1.1.1', '1.1.1.2', '1.1.1.3', '1.1.1.4', '127.0.0.1']],
    ['something that is no address', ['kissa']],
  ])('that resolves to %s is not connected to', async (_what, addresses) => {
    origin.names.set('a.example', [addresses]);
    expect(await failureOf('http://a.example/a.png')).toBe('address_refused');
    expect(origin.targets).toEqual([]);
  });

  it('that resolves otherwise the second time is checked again', async () => {
    origin.names.set('a.example', [[PUBLIC_ADDRESS], ['127.0.0.1']]);
    origin.answers.set('a.example/a', redirects('/b'));
    expect(await failureOf('http://a.example/a')).toBe('address_refused');
    expect(origin.resolved).toEqual(['a.example', 'a.example']);
    expect(origin.targets.map(({ address }) => address)).toEqual([PUBLIC_ADDRESS]);
  });

  it('that does not exist, or whose addresses refuse, is unreachable', async () => {
    origin.names.set('a.example', [[]]);
    expect(await failureOf('http://a.example/')).toBe('address_unreachable');
    origin.names.set('b.example', [['1.1.1.1', '1.1.1.2']]);
    origin.closed.add('1.1.1.1').add('1.1.1.2');
    expect(await failureOf('http://b.example/')).toBe('address_unreachable');
    expect(origin.targets).toHaveLength(2);
  });
});

describe('a page', () => {
  it.each([
    ['http://127.0.0.1/a.png', 'address_refused'],
    ['http://inside.example/a.png', 'address_refused'],
    ['file:///etc/passwd', 'address_invalid'],
    ['/other', 'nothing_there'],
    ['/gone.png', 'address_not_ok'],
    ['/round', 'too_many_redirects'],
  ])('that names %s gives nothing', async (content, failure) => {
    origin.names.set('inside.example', [['10.0.0.7']]);
    const page = (media: string) => `<meta property="og:image" content="${media}">`;
    origin.answers.set('a.example/', sends(page(content), 'text/html'));
    // A second page is not looked at.
    origin.answers.set('a.example/other', sends(page('/a.png'), 'text/html'));
    origin.answers.set('a.example/a.png', sends(png, 'image/png'));
    origin.answers.set('a.example/round', redirects('/round'));
    expect(await failureOf('http://a.example/')).toBe(failure);
    expect(origin.requests).not.toContain('a.example/a.png');
  });
});
