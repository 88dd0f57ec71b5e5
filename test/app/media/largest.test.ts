import { setTimeout as wait } from 'node:timers/promises';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorBody } from '../../../app/http/errors.schema.ts';
import { mediaItem } from '../../../app/media/media.schema.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { pictureOfWords } from '../../support/media/pictures.ts';
import { blobOf } from '../../support/media/videos.ts';

const LINES = ['KUNINGAS KAHVI', 'ON SUURIN KUVA', 'KOKO MAAILMASSA', 'JA MANSIKKA', 'ON PUNAINEN'];
let words: Buffer;
let app: TestApp;
let aino: Visitor;
beforeAll(async () => {
  words = Buffer.from(await (await pictureOfWords(...LINES)).arrayBuffer());
  app = await createTestApp();
  aino = await app.admin();
  await app.work();
});
afterAll(() => app[Symbol.asyncDispose]());

/** Draws the words on so many megapixels (10^6). */
async function drawn(megapixels: number): Promise<Sharp> {
  const { width, height } = await sharp(words).metadata();
  const scale = Math.sqrt((megapixels * 1e6) / (width * height));
  const size = { width: Math.floor(width * scale), height: Math.floor(height * scale) };
  return sharp(words)
    .removeAlpha()
    .resize({ ...size, fit: 'fill', kernel: 'linear' });
}

async function moving(format: 'gif' | 'webp', megapixels: number): Promise<Buffer> {
  const last = await (await drawn(megapixels)).png({ compressionLevel: 1 }).toBuffer();
  const first = await sharp(last).negate().png({ compressionLevel: 1 }).toBuffer();
  const both = sharp([first, last], { join: { animated: true }, limitInputPixels: false });
  const delay = [500, 500];
  return format === 'gif'
    ? both.gif({ delay, effort: 1, dither: 0 }).toBuffer()
    : both.webp({ delay, lossless: true, effort: 0 }).toBuffer();
}

/** For each decoder, a picture just below its limit, in megapixels. */
const LARGEST: [string, number, (megapixels: number) => Promise<Buffer>][] = [
  [
    'JPEG that is turned',
    159,
    async (mp) => (await drawn(mp)).rotate(90).jpeg().withMetadata({ orientation: 8 }).toBuffer(),
  ],
  ['progressive JPEG', 96, async (mp) => (await drawn(mp)).jpeg({ progressive: true }).toBuffer()],
  [
    'progressive JPEG of full colours',
    48,
    async (mp) => (await drawn(mp)).jpeg({ progressive: true, chromaSubsampling: '4:4:4' }).toBuffer(),
  ],
  [
    'grey PNG',
    159,
    async (mp) => (await drawn(mp)).toColourspace('b-w').png({ compressionLevel: 1 }).toBuffer(),
  ],
  [
    'PNG that is turned',
    72,
    async (mp) =>
      (await drawn(mp)).rotate(90).png({ compressionLevel: 1 }).withMetadata({ orientation: 8 }).toBuffer(),
  ],
  [
    'interlaced PNG',
    96,
    async (mp) => (await drawn(mp)).png({ progressive: true, compressionLevel: 1 }).toBuffer(),
  ],
  ['lossy WebP', 72, async (mp) => (await drawn(mp)).webp({ effort: 0 }).toBuffer()],
  ['lossless WebP', 72, async (mp) => (await drawn(mp)).webp({ lossless: true, effort: 0 }).toBuffer()],
  ['GIF', 53, async (mp) => (await drawn(mp)).gif({ effort: 1, dither: 0 }).toBuffer()],
  ['AVIF', 15, async (mp) => (await drawn(mp)).avif({ effort: 0 }).toBuffer()],
  ['animated GIF', 24, (mp) => moving('gif', mp)],
  ['animated WebP', 24, (mp) => moving('webp', mp)],
];

// The OCR process is killed above 400 MB. A result proves that it stayed below.
describe('a picture of the largest accepted size', { timeout: 300_000 }, () => {
  it.each(LARGEST)('can be read: %s of %i megapixels', async (name, megapixels, make) => {
    const response = await aino.upload(blobOf(await make(megapixels)), name);
    expect(response.status, await response.clone().text()).toBe(201);
    let item = mediaItem.parse(await response.json());
    while (item.state === 'processing') {
      await wait(200);
      item = mediaItem.parse(await (await aino.request(`/api/media/${item.id}`)).json());
    }
    expect(item.failure).toBeNull();
    expect(item.state).toBe('ready');
    expect(item.text).toMatch(/SUURIN|MANSIKKA|PUNAINEN/);
  });

  it.each([
    ['AVIF', 17, async (mp: number) => (await drawn(mp)).avif({ effort: 0 }).toBuffer()],
    [
      'progressive JPEG of full colours',
      52,
      async (mp: number) =>
        (await drawn(mp)).jpeg({ progressive: true, chromaSubsampling: '4:4:4' }).toBuffer(),
    ],
    ['animated GIF', 26, (mp: number) => moving('gif', mp)],
  ])('is refused when it is larger: %s of %i megapixels', async (name, megapixels, make) => {
    const response = await aino.upload(blobOf(await make(megapixels)), name);
    expect(errorBody.parse(await response.json()).code).toBe('too_many_pixels');
  });
});
