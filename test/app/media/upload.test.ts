import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorBody } from '../../../app/http/errors.schema.ts';
import { KEY_COLUMNS, keysOf } from '../../../app/media/media.repository.ts';
import { mediaItem, type MediaItem } from '../../../app/media/media.schema.ts';
import { createTestApp, ORIGIN, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { animation, picture } from '../../support/media/pictures.ts';
import { blobOf } from '../../support/media/videos.ts';

let app: TestApp;
let aino: Visitor;
beforeAll(async () => {
  app = await createTestApp({ MAX_UPLOAD_MB: '3' });
  aino = await app.admin();
});
afterAll(() => app[Symbol.asyncDispose]());

async function keep(response: Response): Promise<MediaItem> {
  expect(response.status, await response.clone().text()).toBe(201);
  return mediaItem.parse(await response.json());
}

describe('POST /api/media', () => {
  it.each(['png', 'jpeg', 'webp', 'gif'] as const)(
    'keeps a %s and shows it with a thumbnail at once',
    async (format) => {
      const file = await picture(format, { width: 900, height: 600 });
      const item = await keep(await aino.upload(file, `meme.${format}`));
      expect(item).toMatchObject({
        kind: 'image',
        mime: `image/${format}`,
        width: 900,
        height: 600,
        byteSize: file.size,
        title: '',
        originalName: `meme.${format}`,
        state: 'processing',
        owner: { username: 'Aino' },
      });
      const thumb = await aino.request(item.thumbUrl ?? '');
      expect(thumb.headers.get('content-type')).toBe('image/webp');
      const shown = await sharp(await thumb.arrayBuffer()).metadata();
      expect([shown.width, shown.height]).toEqual([600, 400]);
      expect(Buffer.from(item.thumbHash ?? '', 'base64').length).toBeGreaterThan(5);
      const original = await (await aino.request(item.url)).arrayBuffer();
      expect(Buffer.from(original).equals(Buffer.from(await file.arrayBuffer()))).toBe(true);
    },
  );

  it('answers with the item as every later request shows it', async () => {
    const words = { title: 'Kissa', tags: 'zebra,Äiti,aamu' };
    for (const file of [await picture(), await animation(3)]) {
      const item = await keep(await aino.upload(file, 'a.png', words));
      expect(item.tags).toHaveLength(3);
      expect(item.stages.length).toBeGreaterThan(0);
      expect(await (await aino.request(`/api/media/${item.id}`)).json()).toEqual(item);
    }
  });

  it('does not enlarge a small picture', async () => {
    const item = await keep(await aino.upload(await picture('png', { width: 50, height: 30 }), 'tiny.png'));
    const thumb = await sharp(await (await aino.request(item.thumbUrl ?? '')).arrayBuffer()).metadata();
    expect([thumb.width, thumb.height]).toEqual([50, 30]);
  });

  it('knows a moving picture', async () => {
    const item = await keep(await aino.upload(await animation(3), 'dance.gif'));
    expect(item).toMatchObject({ kind: 'animation', durationMs: 300 });
  });

  it.each(['jpeg', 'png', 'avif'] as const)(
    'turns a photo the way its camera was held, as %s, and keeps it so',
    async (format) => {
      const bytes = await sharp({ create: { width: 80, height: 40, channels: 3, background: '#123456' } })
        .withMetadata({ orientation: 6 })
        .toFormat(format)
        .toBuffer();
      const item = await keep(await aino.upload(blobOf(bytes), `photo.${format}`));
      expect([item.width, item.height]).toEqual([40, 80]);
      for (const url of [item.thumbUrl ?? '', item.url]) {
        const shown = await sharp(await (await aino.request(url)).arrayBuffer())
          .autoOrient()
          .toBuffer({ resolveWithObject: true });
        expect([shown.info.width, shown.info.height]).toEqual([40, 80]);
      }
    },
  );

  it('takes a title with it', async () => {
    const item = await keep(await aino.upload(await picture(), 'a.png', { title: '  Aamukahvi ☕ ' }));
    expect(item.title).toBe('Aamukahvi ☕');
  });

  it('goes by content, not by name or declared type', async () => {
    const file = new Blob([await picture('webp')], { type: 'text/html' });
    expect(await keep(await aino.upload(file, 'page.html'))).toMatchObject({ mime: 'image/webp' });
  });

  it.each([
    ['../../etc/passwd.png', 'passwd.png'],
    ['C:\\Users\\aino\\meme.png', 'meme.png'],
    ['evil\u202egnp.exe.png', 'evilgnp.exe.png'],
    ['n\u0000ul.png', 'nul.png'],
    ['öljylähde 😀.png', 'öljylähde 😀.png'],
    [`${'x'.repeat(300)}.png`, 'x'.repeat(200)],
  ])('keeps a harmless name of %j', async (sent, kept) => {
    expect((await keep(await aino.upload(await picture(), sent))).originalName).toBe(kept);
  });
});

describe('refused uploads', () => {
  /**
   * Checks that a refused upload leaves no trace: rows, objects and temporary files are the same
   * before and after.
   */
  async function refuse(response: Promise<Response>, status: number, code: string): Promise<void> {
    const answered = await response;
    expect(answered.status, await answered.clone().text()).toBe(status);
    const body = errorBody.parse(await answered.json());
    expect(body.code).toBe(code);
    expect(body.message).toMatch(/^[A-Z].*\.$/s);
  }
  const state = async () => ({
    files: await app.files(),
    rows: await app.deps.db.selectFrom('media').select('id').execute(),
  });
  let before: Awaited<ReturnType<typeof state>>;
  beforeAll(async () => {
    before = await state();
  });
  afterAll(async () => {
    expect(await state()).toEqual(before);
  });

  const blob = (bytes: string | Uint8Array) =>
    new Blob([typeof bytes === 'string' ? bytes : Uint8Array.from(bytes)]);

  it('text with the name and type of a picture', async () => {
    const file = new Blob(['this is no picture'.repeat(100)], { type: 'image/png' });
    await refuse(aino.upload(file, 'a.png'), 415, 'unsupported_type');
  });

  it.each([
    ['html', '<!doctype html><script>alert(1)</script>'],
    ['svg', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
    ['pdf', '%PDF-1.7 ...'],
    ['zip', 'PK\u0003\u0004'],
    ['one byte', 'x'],
  ])('%s', (_name, content) => refuse(aino.upload(blob(content), 'a.png'), 415, 'unsupported_type'));

  it('an empty file', () => refuse(aino.upload(blob(''), 'a.png'), 422, 'empty_file'));

  it.each(['png', 'jpeg', 'webp', 'gif'] as const)('half a %s', async (format) => {
    const whole = Buffer.from(await (await picture(format, { width: 400, height: 300 })).arrayBuffer());
    await refuse(aino.upload(blob(whole.subarray(0, whole.length / 2)), `a.${format}`), 422, 'broken_file');
  });

  it.each(['png', 'jpeg', 'webp', 'gif'] as const)('nothing but the signature of a %s', async (format) => {
    const whole = Buffer.from(await (await picture(format)).arrayBuffer());
    await refuse(aino.upload(blob(whole.subarray(0, 14)), `a.${format}`), 422, 'broken_file');
  });

  it('noise after a signature', async () => {
    const png = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), randomBytes(5000)]);
    await refuse(aino.upload(blob(png), 'a.png'), 422, 'broken_file');
  });

  it('a pixel bomb: 20000 × 20000 in a few kB', async () => {
    const bomb = pngOf(20_000, 20_000);
    expect(bomb.length).toBeLessThan(100_000);
    await refuse(aino.upload(blob(bomb), 'bomb.png'), 422, 'too_many_pixels');
  });

  it('a file over the limit, while it streams', async () => {
    let sent = 0;
    const boundary = 'limit';
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (sent === 0) {
          const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="a.png"\r\n\r\n`;
          controller.enqueue(Buffer.concat([Buffer.from(head), Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')]));
        }
        controller.enqueue(new Uint8Array(64_000));
        sent += 64_000;
        if (sent > 1_000_000_000) controller.error(new Error('the server read a gigabyte'));
      },
    });
    const init: RequestInit & { duplex: 'half' } = {
      method: 'POST',
      headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
      body,
      duplex: 'half',
    };
    await refuse(aino.request('/api/media', init), 413, 'file_too_large');
    expect(sent).toBeLessThan(10_000_000);
  });

  it('a declared length over the limit, before anything is read', () =>
    refuse(
      aino.request('/api/media', {
        method: 'POST',
        headers: { 'content-type': 'multipart/form-data; boundary=x', 'content-length': '4000000000' },
        body: 'x',
      }),
      413,
      'file_too_large',
    ));

  it.each([
    ['JSON', 'application/json', '{}'],
    ['no boundary', 'multipart/form-data', 'x'],
    ['an empty boundary', 'multipart/form-data; boundary=', 'x'],
    [
      'a form that breaks off',
      'multipart/form-data; boundary=x',
      '--x\r\ncontent-disposition: form-data; name="file"; filename="a.png"\r\n\r\n\x89PNG\r\n\x1a\n',
    ],
    ['another boundary than announced', 'multipart/form-data; boundary=x', '--y\r\n\r\n--y--\r\n'],
  ])('a broken form: %s', (_name, type, body) =>
    refuse(
      aino.request('/api/media', { method: 'POST', headers: { 'content-type': type }, body }),
      400,
      'invalid_multipart',
    ),
  );

  it('a form without a file', async () => {
    const form = new FormData();
    form.set('title', 'nothing');
    await refuse(aino.request('/api/media', { method: 'POST', body: form }), 400, 'file_missing');
  });

  it('a form with a second file, instead of losing it', async () => {
    const form = new FormData();
    for (const name of ['a.png', 'b.png']) form.append('file', await picture(), name);
    await refuse(aino.request('/api/media', { method: 'POST', body: form }), 400, 'invalid_multipart');
  });

  it('a field longer than is read, instead of cutting it', async () => {
    // Empty names of ideographic spaces: within the limit of characters, but not of bytes.
    const tags = `kissa,,,${'\u3000,'.repeat(2498)}koira`;
    await refuse(aino.upload(await picture(), 'a.png', { tags }), 413, 'body_too_large');
  });

  it('a form of many parts, instead of dropping the last', async () => {
    const form = new FormData();
    for (let i = 0; i < 10; i++) form.set(`more-${i}`, 'x');
    form.set('title', 'the eleventh field');
    form.set('file', await picture(), 'a.png');
    await refuse(aino.request('/api/media', { method: 'POST', body: form }), 413, 'body_too_large');
  });

  it('a tag that is none, by its place', async () => {
    const answered = await aino.upload(await picture(), 'a.png', { tags: `kissa,${'x'.repeat(31)}` });
    expect(answered.status).toBe(422);
    const { details } = errorBody.parse(await answered.json());
    expect(Object.keys(Object(details?.['fields']))).toEqual(['tags.1']);
  });

  it('an overlong title', async () =>
    refuse(aino.upload(await picture(), 'a.png', { title: 'x'.repeat(201) }), 422, 'invalid_field'));

  it('a stranger', async () => refuse(app.visitor().upload(await picture(), 'a.png'), 401, 'not_signed_in'));

  it('a foreign page', async () => {
    const form = new FormData();
    form.set('file', await picture(), 'a.png');
    const init = { method: 'POST', body: form, headers: { origin: 'https://evil.example' } };
    await refuse(aino.request('/api/media', init), 403, 'foreign_origin');
    expect(ORIGIN).not.toContain('evil');
  });
});

describe('the same file twice', () => {
  it('names the one that is here, also when both come at once', async () => {
    const file = await picture();
    const responses = await Promise.all([1, 2, 3].map((i) => aino.upload(file, `copy-${i}.png`)));
    expect(responses.map((response) => response.status).toSorted()).toEqual([201, 409, 409]);
    const kept = mediaItem.parse(await responses.find((response) => response.status === 201)?.json());
    for (const response of responses.filter((other) => other.status === 409)) {
      expect(errorBody.parse(await response.json())).toMatchObject({
        code: 'already_here',
        details: { id: kept.id },
      });
    }
    // Only the winner's objects exist: every object has its row.
    const rows = await app.deps.db.selectFrom('media').select(KEY_COLUMNS).execute();
    const files = (await app.files()).filter((file) => file.startsWith('media/'));
    expect(files.map((file) => basename(file)).toSorted()).toEqual(rows.flatMap(keysOf).toSorted());
  });
});

/** Makes a valid black PNG, compressed to almost nothing. */
function pngOf(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 1; // one bit a pixel, greyscale
  const pixels = deflateSync(Buffer.alloc(height * (1 + Math.ceil(width / 8))), { level: 9 });
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
