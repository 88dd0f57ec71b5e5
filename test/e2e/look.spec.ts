import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'playwright/test';
import sharp from 'sharp';
import { build } from 'vite';
import { fingerprintOf, framePixels } from '../../app/media/alike/fingerprint.ts';
import { distanceOf, HASH_BITS } from '../../app/media/alike/perceptual-hash.shared.ts';
import type * as look from '../../client/upload/look.ts';
import { makeTemplate, writeMeme } from '../support/media/templates.ts';

const ROOT = join(import.meta.dirname, '../..');

declare const Look: typeof look;

const TEMPLATES = 20;
/** Bits in which the hashes of two decoders may differ: 4 %. */
const MAX_BITS = 0.04 * HASH_BITS;
/**
 * Share of pictures of which one hash may differ in more, but not all. A line at their edge is a
 * bar for one decoder only.
 */
const MAX_EDGE_SHARE = 0.05;

type Image = ReturnType<typeof sharp>;

/** The ways of saving a picture whose decoders differ. */
const WAYS: readonly [string, (image: Image, seed: number) => Image][] = [
  ['jpeg', (image, seed) => image.jpeg({ quality: 30 + 3 * seed })],
  [
    'jpeg',
    (image, seed) =>
      image.jpeg({ quality: 80, progressive: true, chromaSubsampling: seed % 2 === 0 ? '4:4:4' : '4:2:0' }),
  ],
  ['jpeg', (image) => image.jpeg().withIccProfile('p3')],
  ['jpeg', (image) => image.greyscale().jpeg({ quality: 70 })],
  ['jpeg', (image, seed) => image.jpeg().withMetadata({ orientation: 1 + (seed % 8) })],
  ['jpeg', (image) => image.resize({ width: 1800 }).jpeg({ quality: 60 })],
  ['png', (image) => image.png({ compressionLevel: 1 }).withIccProfile('p3')],
  ['png', (image, seed) => image.resize({ width: 90 + 8 * seed }).png({ palette: seed % 2 === 0 })],
  ['png', (image, seed) => fade(image, seed).png({ compressionLevel: 1 })],
  ['webp', (image, seed) => (seed % 2 === 0 ? fade(image, seed) : image).webp({ quality: 60, effort: 1 })],
];

/** Makes a part of the picture transparent, in steps. */
function fade(image: Image, seed: number): Image {
  const stops = `<stop offset="${0.1 + (seed % 5) / 20}" stop-opacity="0"/><stop offset=".8" stop-opacity="1"/>`;
  const mask = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10" width="372" height="372"><linearGradient id="g">${stops}</linearGradient><rect width="10" height="10" fill="url(#g)"/></svg>`;
  return image
    .resize({ width: 372, height: 372, fit: 'fill' })
    .composite([{ input: Buffer.from(mask), blend: 'dest-in' }]);
}

interface Sample {
  name: string;
  type: string;
  bytes: Buffer;
}

async function samples(): Promise<Sample[]> {
  const all: Sample[] = [];
  for (let seed = 0; seed < TEMPLATES; seed++) {
    const picture = await writeMeme(await makeTemplate(seed), 'KUN MAANANTAI', 'ALKAA TAAS');
    for (const [i, [format, save]] of WAYS.entries())
      all.push({
        name: `${seed}, way ${i}: ${format}`,
        type: `image/${format}`,
        bytes: await save(sharp(picture), seed).toBuffer(),
      });
  }
  return all;
}

/** Returns the code of a script that defines `Look`. */
async function lookScript(): Promise<string> {
  const built = await build({
    configFile: false,
    root: ROOT,
    logLevel: 'error',
    build: {
      write: false,
      lib: { entry: join(ROOT, 'client/upload/look.ts'), formats: ['iife'], name: 'Look' },
    },
  });
  const [output] = [built].flat();
  const code = output && 'output' in output ? output.output[0].code : '';
  return `${code}; globalThis.Look = Look;`;
}

test('the browser makes the hashes of the server, of 200 pictures', async ({ page }) => {
  await page.addScriptTag({ content: await lookScript() });
  const inBrowser = (sample: Pick<Sample, 'type' | 'bytes'>) =>
    page.evaluate(
      async ({ base64, type }) => {
        const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
        const hashes = await Look.lookOf(new Blob([bytes], { type }));
        return hashes.map((hash) => [...hash]);
      },
      { base64: sample.bytes.toString('base64'), type: sample.type },
    );
  const folder = await mkdtemp(join(tmpdir(), 'look-'));
  const wrong: string[] = [];
  const edges: string[] = [];
  const all = await samples();
  expect(all).toHaveLength(200);
  try {
    for (const sample of all) {
      const path = join(folder, 'picture');
      await writeFile(path, sample.bytes);
      const [server = []] = fingerprintOf([await framePixels(path)]);
      const browser = (await inBrowser(sample)).map((hash) => Uint8Array.from(hash));
      const nearest = (hash: Uint8Array, among: readonly Uint8Array[]) =>
        Math.min(HASH_BITS, ...among.map((other) => distanceOf(hash, other)));
      const bits = [
        ...server.map((hash) => nearest(hash, browser)),
        ...browser.map((hash) => nearest(hash, server)),
      ];
      const line = `${sample.name}: ${bits.join(' ')}`;
      if (Math.min(HASH_BITS, ...bits) > MAX_BITS) wrong.push(line);
      else if (Math.max(...bits) > MAX_BITS) edges.push(line);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  expect(wrong).toEqual([]);
  expect(edges.length, edges.join('\n')).toBeLessThanOrEqual(MAX_EDGE_SHARE * all.length);

  const [sample] = all;
  if (!sample) throw new Error('no sample');
  // These are left to the server: other formats, broken files, and a canvas that is not to be read.
  for (const type of ['image/heic', 'video/mp4', ''])
    expect(await inBrowser({ ...sample, type })).toEqual([]);
  expect(await inBrowser({ ...sample, bytes: sample.bytes.subarray(100) })).toEqual([]);
  expect(await inBrowser(sample)).not.toEqual([]);
  await page.evaluate(() => {
    OffscreenCanvasRenderingContext2D.prototype.getImageData = (_x, _y, width, height) => {
      const data = new ImageData(width, height);
      crypto.getRandomValues(data.data.subarray(0, 65_536));
      return data;
    };
  });
  expect(await inBrowser(sample)).toEqual([]);
});
