import { gunzipSync } from 'node:zlib';
import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { jsonCompression } from '../../../app/http/compression.ts';

const long = { text: 'meemi '.repeat(1000) };
const app = new Hono()
  .use(jsonCompression())
  .get('/long', (c) => c.json(long))
  .get('/short', (c) => c.json({ text: 'meemi' }, 200, { 'Content-Length': '16' }))
  .get('/picture', (c) => c.body('meemi '.repeat(1000), 200, { 'Content-Type': 'image/png' }));

const get = (path: string, accepted?: string) =>
  app.request(path, accepted === undefined ? {} : { headers: { 'Accept-Encoding': accepted } });

describe('the compression of JSON', () => {
  it('is for whoever takes it', async () => {
    const response = await get('/long', 'gzip, br');
    expect(response.headers.get('content-encoding')).toBe('gzip');
    const body = Buffer.from(await response.arrayBuffer());
    expect(body.length).toBeLessThan(1000);
    expect(JSON.parse(gunzipSync(body).toString())).toEqual(long);
  });

  it.each([
    ['who says nothing', '/long', undefined],
    ['who takes none', '/long', 'identity'],
    ['what is short', '/short', 'gzip'],
    ['what is no JSON', '/picture', 'gzip'],
  ])('is not for %s', async (_, path, accepted) => {
    expect((await get(path, accepted)).headers.has('content-encoding')).toBe(false);
  });

  it.each([undefined, 'gzip'])('tells caches that the answer depends on it (%s)', async (accepted) => {
    expect((await get('/long', accepted)).headers.get('vary')).toBe('Accept-Encoding');
  });
});
