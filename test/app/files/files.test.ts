import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mediaItem, type MediaItem } from '../../../app/media/media.schema.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { picture } from '../../support/media/pictures.ts';

let app: TestApp;
let aino: Visitor;
let item: MediaItem;
let bytes: Buffer;
const get = (headers: Record<string, string> = {}, suffix = '') =>
  app.visitor().request(item.url + suffix, { headers });
const bodyOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

beforeAll(async () => {
  app = await createTestApp();
  aino = await app.admin();
  const file = await picture('png', { width: 300, height: 300 });
  bytes = Buffer.from(await file.arrayBuffer());
  item = mediaItem.parse(await (await aino.upload(file, 'hyvää "huomenta" 100%.png')).json());
});
afterAll(() => app[Symbol.asyncDispose]());

describe('GET /api/files/:key', () => {
  it('is open, asked about before each use and typed by what was stored', async () => {
    const response = await get();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(response.headers.get('cache-control')).toBe('public, no-cache');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('content-security-policy')).toContain('sandbox');
    expect(response.headers.get('content-length')).toBe(String(bytes.length));
    expect((await bodyOf(response)).equals(bytes)).toBe(true);
  });

  it('answers 304 to whoever has it', async () => {
    const etag = (await get()).headers.get('etag') ?? '';
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      expect((await get({ 'if-none-match': known })).status).toBe(304);
    }
    expect((await get({ 'if-none-match': '"other"' })).status).toBe(200);
  });

  it.each([
    ['bytes=0-9', 0, 9],
    ['bytes=10-', 10, -1],
    ['bytes=-5', -5, -1],
    ['bytes=5-99999999', 5, -1],
  ])('answers %s', async (range, from, to) => {
    const response = await get({ range });
    const first = from < 0 ? bytes.length + from : from;
    const last = to < 0 ? bytes.length - 1 : to;
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe(`bytes ${first}-${last}/${bytes.length}`);
    expect((await bodyOf(response)).equals(bytes.subarray(first, last + 1))).toBe(true);
  });

  it.each(['bytes=99999999-', 'bytes=-0'])('cannot satisfy %s', async (range) => {
    const response = await get({ range });
    expect(response.status).toBe(416);
    expect(response.headers.get('content-range')).toBe(`bytes */${bytes.length}`);
  });

  it.each(['bytes=5-1', 'bytes=0-1,3-4', 'lines=1-2', 'bytes=a-b', 'bytes=-'])(
    'ignores %s',
    async (range) => {
      expect((await get({ range })).status).toBe(200);
    },
  );

  it('sends the whole when the range belongs to another version', async () => {
    expect((await get({ range: 'bytes=0-9', 'if-range': '"other"' })).status).toBe(200);
  });

  it('saves under the original name', async () => {
    const disposition = (await get({}, '?download=1')).headers.get('content-disposition');
    expect(disposition).toBe(
      `attachment; filename="hyv__ huomenta 100_.png"; filename*=UTF-8''hyv%C3%A4%C3%A4%20huomenta%20100%25.png`,
    );
  });

  it('saves under the title, once it has one, with the ending of what it is', async () => {
    await aino.send('PATCH', `/api/media/${item.id}`, { title: ' Löylyä: lisää?/n.exe ' });
    const disposition = (await get({}, '?download=1')).headers.get('content-disposition') ?? '';
    expect(decodeURIComponent(disposition.split("''")[1] ?? '')).toBe('Löylyä lisää n.exe.png');
    await aino.send('PATCH', `/api/media/${item.id}`, { title: '' });
  });

  it('answers HEAD without a body', async () => {
    const response = await app.visitor().request(item.url, { method: 'HEAD' });
    expect(response.headers.get('content-length')).toBe(String(bytes.length));
    expect((await bodyOf(response)).length).toBe(0);
  });

  it.each([
    '00000000-0000-4000-8000-000000000000.png',
    '..%2f..%2fjwt-secret',
    '%2e%2e%2fjwt-secret',
    'jwt-secret',
    '.drafts',
    'a'.repeat(3000),
    '%00',
    '%ff',
  ])('knows nothing of %s', async (key) => {
    const response = await app.visitor().request(`/api/files/${key}`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'not_found' });
  });
});
