import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorBody } from '../../../app/http/errors.schema.ts';
import { mediaItem } from '../../../app/media/media.schema.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { pictureOfWords } from '../../support/media/pictures.ts';
import { blobOf } from '../../support/media/videos.ts';

const LINES = ['KUNINGAS KAHVI', 'ON SUURIN KUVA', 'KOKO MAAILMASSA', 'JA MANSIKKA', 'ON PUNAINEN'];
let words: Buffer;

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

type Case = [name: string, megapixels: number, make: (megapixels: number) => Promise<Buffer>];

/** For each decoder, a picture just below its limit, in megapixels. */
const LARGEST: Case[] = [
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

const TOO_LARGE: Case[] = [
  ['AVIF', 17, async (mp) => (await drawn(mp)).avif({ effort: 0 }).toBuffer()],
  [
    'progressive JPEG of full colours',
    52,
    async (mp) => (await drawn(mp)).jpeg({ progressive: true, chromaSubsampling: '4:4:4' }).toBuffer(),
  ],
  ['animated GIF', 26, (mp) => moving('gif', mp)],
];

/** Names of the pictures of {@link describeLargest} that take least time. */
export const QUICKEST = ['AVIF', 'animated GIF'];

/**
 * Uploads the chosen pictures and reads them. The OCR process is killed above 400 MB. A result
 * proves that it stayed below.
 */
export function describeLargest(isChosen: (name: string) => boolean): void {
  describe('a picture of the largest accepted size', () => {
    let app: TestApp;
    let aino: Visitor;
    beforeAll(async () => {
      words = Buffer.from(await (await pictureOfWords(...LINES)).arrayBuffer());
      app = await createTestApp();
      aino = await app.admin();
      await app.work();
    });
    afterAll(() => app[Symbol.asyncDispose]());

    it.each(LARGEST.filter(([name]) => isChosen(name)))(
      'can be read: %s of %i megapixels',
      async (name, megapixels, make) => {
        const response = await aino.upload(blobOf(await make(megapixels)), name);
        expect(response.status, await response.clone().text()).toBe(201);
        const { id } = mediaItem.parse(await response.json());
        const get = async () => mediaItem.parse(await (await aino.request(`/api/media/${id}`)).json());
        await expect.poll(async () => (await get()).state).not.toBe('processing');
        const item = await get();
        expect(item.failure).toBeNull();
        expect(item.state).toBe('ready');
        expect(item.text).toMatch(/SUURIN|MANSIKKA|PUNAINEN/);
      },
    );

    it.each(TOO_LARGE.filter(([name]) => isChosen(name)))(
      'is refused when it is larger: %s of %i megapixels',
      async (name, megapixels, make) => {
        const response = await aino.upload(blobOf(await make(megapixels)), name);
        expect(errorBody.parse(await response.json()).code).toBe('too_many_pixels');
      },
    );
  });
}
