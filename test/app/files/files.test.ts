import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mediaItem, type MediaItem } from '../../../app/media/media.schema.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { blobOf, VIDEO_MAKERS } from '../../support/media/videos.ts';
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

  const opening = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

  it.each([
    ['en', 'en-GB,en;q=0.9', 'There is no file here'],
    ['fi', 'fi-FI,fi;q=0.9,en;q=0.8', 'Täällä ei ole tiedostoa'],
    ['en', '', 'There is no file here'],
  ])(
    'says in words (%s, for %j) that there is none, to somebody who opens it',
    async (lang, accepted, words) => {
      const path = '/api/files/00000000-0000-4000-8000-000000000000.png';
      const response = await app
        .visitor()
        .request(path, { headers: { ...opening, 'accept-language': accepted } });
      expect(response.status).toBe(404);
      expect(response.headers.get('content-type')).toMatch(/^text\/html/);
      expect(response.headers.get('cache-control')).toBe('no-cache');
      expect(response.headers.get('vary')).toBe('Accept, Sec-Fetch-Dest');
      expect(response.headers.get('content-security-policy')).toMatch(/default-src 'none'.*sandbox/);
      const page = await response.text();
      expect(page).toContain(`<html lang="${lang}">`);
      expect(page).toContain(words);
      // A page that shows the picture gets no page for it.
      const shown = { ...opening, 'sec-fetch-dest': 'image' };
      const inPage = await app.visitor().request(path, { headers: shown });
      expect(await inPage.json()).toMatchObject({ code: 'not_found' });
    },
  );

  it('is a dead address at once when the item goes to the trash, and the same again from there', async () => {
    const trashed = mediaItem.parse(await (await aino.upload(await picture(), 'gone.png')).json());
    const ask = () => app.visitor().request(trashed.url, { headers: opening });
    expect((await ask()).status).toBe(200);
    await aino.send('DELETE', `/api/media/${trashed.id}`);
    expect((await ask()).status).toBe(404);
    expect((await app.visitor().request(`${trashed.url}?download=1`)).status).toBe(404);
    expect((await app.visitor().request(trashed.url, { method: 'HEAD' })).status).toBe(404);
    const etag = `"${trashed.url.split('/').at(-1)}"`;
    const known = await app.visitor().request(trashed.url, { headers: { 'if-none-match': etag } });
    expect(known.status).toBe(404);
    await aino.send('POST', `/api/media/${trashed.id}/restore`);
    expect((await ask()).status).toBe(200);
  });

  it('may run no script and load nothing but itself, opened on its own', async () => {
    const policy = async (key: string) => {
      const response = await app.visitor().request(`/api/files/${key}`);
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      return [response.headers.get('content-type'), response.headers.get('content-security-policy')];
    };
    const keys = new Map<string, string>();
    for (const extension of ['jpg', 'png', 'gif', 'webp', 'avif', 'mp4', 'webm', 'mov', 'svg', 'html']) {
      const key = `${randomUUID()}.${extension}`;
      await app.deps.storage.put(key, import.meta.filename, { contentType: 'text/html' });
      keys.set(extension, key);
    }
    const shown = "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'";
    const boxed = `${shown}; sandbox`;
    const played = `${shown}; media-src 'self'; base-uri 'none'; form-action 'none'`;
    const found: Record<string, unknown> = {};
    for (const [extension, key] of keys) found[extension] = await policy(key);
    expect(found).toEqual({
      jpg: ['image/jpeg', boxed],
      png: ['image/png', boxed],
      gif: ['image/gif', boxed],
      webp: ['image/webp', boxed],
      avif: ['image/avif', boxed],
      mp4: ['video/mp4', played],
      webm: ['video/webm', played],
      mov: ['video/quicktime', played],
      svg: ['application/octet-stream', boxed],
      html: ['application/octet-stream', boxed],
    });
    for (const key of keys.values()) await app.deps.storage.delete(key);
  });

  it('leads to the version that plays, when a video is opened that browsers would save', async () => {
    const sent = await aino.upload(blobOf(VIDEO_MAKERS.mov()), 'IMG_0001.MOV');
    const { id, url } = mediaItem.parse(await sent.json());
    const open = (headers: Record<string, string>, suffix = '') =>
      app.visitor().request(url + suffix, { headers });
    // There is none yet: the original is all there is.
    expect((await open(opening)).status).toBe(200);
    await app.work();
    const get = async () => mediaItem.parse(await (await aino.request(`/api/media/${id}`)).json());
    await expect.poll(async () => (await get()).state).toBe('ready');
    const { playbackUrl } = await get();
    const response = await open({ ...opening, 'sec-fetch-dest': 'document' });
    expect(response.status).toBe(302);
    expect(response.headers.get('location')).toBe(playbackUrl);
    expect(response.headers.get('cache-control')).toBe('public, no-cache');
    expect(response.headers.get('vary')).toBe('Accept, Sec-Fetch-Dest');
    // The player, a program and the Download button get what was asked for.
    expect((await open({ ...opening, 'sec-fetch-dest': 'video' })).status).toBe(200);
    expect((await open({})).status).toBe(200);
    expect((await open(opening, '?download=1')).status).toBe(200);
  });
});
