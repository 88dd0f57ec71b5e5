import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { probeVideo, type VideoProbe } from '../../../app/media/formats/video.ts';
import { mediaItem, mediaList, type MediaItem } from '../../../app/media/media.schema.ts';
import { reprocess } from '../../../app/media/reprocess.service.ts';
import { caseFile, differenceOf, expectLooksLike } from '../../support/cases.ts';
import { blobOf, ffmpeg } from '../../support/media/videos.ts';
import { hdrPng } from '../../support/media/hdr-png.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';

// Uploads the files of test/app/media/cases through POST /api/media and runs all stages. The README
// there says what is right.

let app: TestApp;
let aino: Visitor;
beforeAll(async () => {
  app = await createTestApp();
  aino = await app.admin();
  await app.work();
});
afterAll(() => app[Symbol.asyncDispose]());

const get = async (id: string) => mediaItem.parse(await (await aino.request(`/api/media/${id}`)).json());
const bytesOf = async (url: string | null) => {
  const response = await aino.request(url ?? '/no-address');
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
};

async function keep(bytes: Uint8Array, name: string): Promise<MediaItem> {
  const response = await aino.upload(blobOf(bytes), name);
  expect(response.status, await response.clone().text()).toBe(201);
  const { id } = mediaItem.parse(await response.json());
  await expect.poll(async () => (await get(id)).state).not.toBe('processing');
  const item = await get(id);
  expect(item).toMatchObject({ state: 'ready', failure: null, stages: [] });
  return item;
}
const keepCase = async (name: string) => keep(await readFile(caseFile(name)), name);
const clipboardOf = (item: MediaItem) => bytesOf(`/api/media/${item.id}/clipboard`);
/** Probes an MP4 with the server's own probe. */
async function probe(mp4: Uint8Array): Promise<VideoProbe> {
  const folder = await mkdtemp(join(tmpdir(), 'meemikansio-cases-'));
  try {
    await writeFile(join(folder, 'a.mp4'), mp4);
    if (!app.deps.ffmpeg) throw new Error('no ffmpeg');
    return await probeVideo(app.deps.ffmpeg, join(folder, 'a.mp4'), 'mp4', folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
/** Reads one pixel at these shares of width and height, 0–255 a channel. */
async function pixelAt(bytes: Uint8Array, x: number, y: number): Promise<number[]> {
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  const at = (Math.floor(info.height * y) * info.width + Math.floor(info.width * x)) * info.channels;
  return [...data.subarray(at, at + info.channels)];
}

describe('HEIC', () => {
  it('is kept as a JPEG of the same pixels', async () => {
    const item = await keepCase('photo.heic');
    expect(item).toMatchObject({
      kind: 'image',
      mime: 'image/jpeg',
      width: 320,
      height: 240,
      originalName: 'photo.jpg',
    });
    const expected = await readFile(caseFile('photo.expected.png'));
    for (const url of [item.url, item.thumbUrl]) await expectLooksLike(await bytesOf(url), expected);
  });
});

describe('animated AVIF', () => {
  it('is an animation with thumbnail and clipboard of its first frame', async () => {
    const item = await keepCase('animated.avif');
    expect(item).toMatchObject({
      kind: 'animation',
      mime: 'image/avif',
      width: 160,
      height: 120,
      durationMs: 1000,
    });
    for (const shown of [await bytesOf(item.thumbUrl), await clipboardOf(item)]) {
      const [red = 0, green = 255, blue = 255] = await pixelAt(shown, 0.1, 0.1);
      expect(red).toBeGreaterThan(240);
      expect(Math.max(green, blue)).toBeLessThan(15);
    }
    expect(item.previewUrl, 'smaller than any preview').toBeNull();
  });

  it('is transparent where its track of alpha says so, and then has no preview', async () => {
    const item = await keepCase('animated-transparent.avif');
    expect(item).toMatchObject({
      kind: 'animation',
      width: 96,
      height: 64,
      durationMs: 800,
      previewUrl: null,
    });
    const clipboard = await clipboardOf(item);
    expect((await pixelAt(clipboard, 0.9, 0.9))[3]).toBeLessThan(10);
    expect((await pixelAt(clipboard, 0.2, 0.5))[3]).toBeGreaterThan(245);
    // The colour under the transparency is blue; the thumbnail has a white background.
    expect(Math.min(...(await pixelAt(await bytesOf(item.thumbUrl), 0.9, 0.9)))).toBeGreaterThan(240);
  });

  it('says 422 when it breaks off, and leaves nothing', async () => {
    const whole = await readFile(caseFile('animated.avif'));
    const before = await app.files();
    const response = await aino.upload(blobOf(whole.subarray(0, whole.length / 2)), 'half.avif');
    expect([response.status, await response.json()]).toMatchObject([422, { code: 'broken_file' }]);
    expect(await app.files()).toEqual(before);
  });
});

describe('animated PNG', () => {
  it('shows its first frame, not a default image that no viewer shows', async () => {
    const item = await keepCase('apng-hidden-default.png');
    expect(item).toMatchObject({ kind: 'animation', width: 640, height: 320, durationMs: 400 });
    const first = ffmpeg(['-f', 'apng', '-i', caseFile('apng-hidden-default.png'), '-frames:v', '1'], 'png');
    const hidden = await readFile(caseFile('apng-hidden-default.png'));
    for (const shown of [await bytesOf(item.thumbUrl), await clipboardOf(item)]) {
      await expectLooksLike(shown, first);
      expect(await differenceOf(shown, hidden)).toBeGreaterThan(20);
    }
    expect(item.text).toMatch(/KUNINGAS\s+KAHVINEN[^]*MANSIKKA\s+PIIRAKKA/);
    if (item.previewUrl !== null) expect((await bytesOf(item.previewUrl)).length).toBeLessThan(item.byteSize);
  });

  it('is read in every frame', async () => {
    const item = await keepCase('apng-words-in-second-frame.png');
    expect(item).toMatchObject({ kind: 'animation', width: 640, height: 320 });
    expect(item.text).toMatch(/TOUKOKUU\s+SADETTA/);
  });
});

describe('WebP', () => {
  it('is shown as browsers show it, whatever orientation its EXIF has', async () => {
    const item = await keepCase('webp-exif-orientation-6.webp');
    expect(item).toMatchObject({ kind: 'image', width: 320, height: 640 });
    const original = await bytesOf(item.url);
    const { width, height, orientation } = await sharp(original).metadata();
    expect([width, height, orientation]).toEqual([320, 640, undefined]);
    const sent = await sharp(await readFile(caseFile('webp-exif-orientation-6.webp')))
      .png()
      .toBuffer();
    for (const shown of [original, await bytesOf(item.thumbUrl), await clipboardOf(item)])
      await expectLooksLike(shown, sent);
  });
});

describe('a picture in HDR', () => {
  it('is tone-mapped as in a browser: thumbnail and clipboard', async () => {
    const item = await keepCase('hdr-pq.avif');
    expect(item).toMatchObject({ kind: 'image', mime: 'image/avif', width: 320, height: 240 });
    const browser = await readFile(caseFile('hdr-pq-avif.expected.png'));
    for (const shown of [await bytesOf(item.thumbUrl), await clipboardOf(item)])
      await expectLooksLike(shown, browser, 4);
    expect(await differenceOf(await readFile(caseFile('hdr-pq.avif')), browser)).toBeGreaterThan(8);
  });

  it('is tone-mapped as a PNG with the same code values, too', async () => {
    const { tagged, untagged } = await hdrPng();
    const item = await keep(tagged, 'hdr.png');
    expect(item).toMatchObject({ kind: 'image', mime: 'image/png' });
    const browser = await readFile(caseFile('hdr-pq-avif.expected.png'));
    for (const shown of [await bytesOf(item.thumbUrl), await clipboardOf(item)])
      await expectLooksLike(shown, browser, 4);
    expect(await differenceOf(untagged, browser)).toBeGreaterThan(8);
  });

  it('is tone-mapped by HLG where it says so', async () => {
    const bytes = await readFile(caseFile('hdr-pq.avif'));
    // The same code values under another transfer function (ITU-T H.273: 18 instead of 16).
    bytes[bytes.indexOf('colrnclx') + 11] = 18;
    const item = await keep(bytes, 'hlg.avif');
    const browser = await readFile(caseFile('hdr-hlg-avif.expected.png'));
    for (const shown of [await bytesOf(item.thumbUrl), await clipboardOf(item)])
      await expectLooksLike(shown, browser, 4);
    expect(await differenceOf(bytes, browser)).toBeGreaterThan(8);
  });
});

describe('transparency', () => {
  it('is read on the ground that the thumbnail chose', async () => {
    const item = await keepCase('white-words-on-transparent.png');
    expect(item.text).toMatch(/VALKOINEN\s+TEKSTI\s+LASISSA/);
  });

  it('in a later frame of a GIF leaves no preview, which could not show it', async () => {
    const item = await keepCase('gif-opaque-first-then-transparent.gif');
    expect(item).toMatchObject({ kind: 'animation', previewUrl: null });
  });
});

describe('GIF', () => {
  it('of a delay that browsers do not keep to lasts as long as they play it', async () => {
    const item = await keepCase('gif-delay-1cs.gif');
    expect(item).toMatchObject({ kind: 'animation', durationMs: 1000 });
    const preview = await probe(await bytesOf(item.previewUrl));
    expect(preview.durationMs).toBe(1000);
  });
});

it('making everything again shows and reads the same', async () => {
  const { items } = mediaList.parse(await (await aino.request('/api/media?limit=100')).json());
  const before = new Map<string, MediaItem>();
  for (const { id } of items) before.set(id, await get(id));
  const pixels = new Map<string, Buffer>();
  for (const [id, { thumbUrl }] of before) pixels.set(id, await bytesOf(thumbUrl));
  await reprocess({ ...app.deps, readsText: true }, 'all');
  for (const [id, item] of before) {
    await expect.poll(async () => (await get(id)).state).toBe('ready');
    const again = await get(id);
    expect(again.text).toBe(item.text);
    expect(again.previewUrl === null).toBe(item.previewUrl === null);
    await expectLooksLike(await bytesOf(again.thumbUrl), pixels.get(id) ?? Buffer.alloc(0), 1);
  }
});
