import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mediaItem, type MediaItem } from '../../../app/media/media.schema.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';
import {
  afterIhdr,
  animated,
  gifOfFrames,
  jpegWith,
  MAKERS,
  mp4Box,
  pngChunk,
  smooth,
} from '../../support/media/specimens.ts';
import { blobOf, ffmpeg, pattern } from '../../support/media/videos.ts';

/** Must never be served. Stands for a place, a device or a name. */
const SECRET = 'N60.1699E024.9384';

let app: TestApp;
let aino: Visitor;
beforeAll(async () => {
  app = await createTestApp({ OCR: 'off' });
  aino = await app.admin();
  await app.work();
});
afterAll(() => app[Symbol.asyncDispose]());

async function keep(bytes: Buffer, name: string): Promise<{ item: MediaItem; kept: Buffer }> {
  const response = await aino.upload(blobOf(bytes), name);
  expect(response.status, await response.clone().text()).toBe(201);
  const item = mediaItem.parse(await response.json());
  const kept = Buffer.from(await (await aino.request(item.url)).arrayBuffer());
  expect(item.byteSize).toBe(kept.length);
  return { item, kept };
}
const exif = { IFD0: { Copyright: SECRET }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '60/1 10/1 0/1' } };
const pixels = (bytes: Buffer) => sharp(bytes).raw().toBuffer();

/** Checks that the stored pixels equal the uploaded pixels exactly. */
async function expectClean(bytes: Buffer, name: string): Promise<Buffer> {
  expect(bytes.includes(SECRET)).toBe(true);
  const { kept } = await keep(bytes, name);
  expect(kept.includes(SECRET)).toBe(false);
  expect(kept.includes('Exif\0\0MM') && kept.includes('GPS')).toBe(false);
  expect((await pixels(kept)).equals(await pixels(bytes))).toBe(true);
  return kept;
}

describe('metadata is taken out and pixels stay', () => {
  it('of a JPEG with EXIF, XMP, IPTC and a comment; the colour profile stays', async () => {
    let bytes: Buffer = await (await smooth()).withIccProfile('p3').withExif(exif).jpeg().toBuffer();
    bytes = jpegWith(bytes, 0xfe, Buffer.from(SECRET));
    bytes = jpegWith(bytes, 0xed, Buffer.from(`Photoshop 3.0\0${SECRET}`));
    bytes = jpegWith(bytes, 0xe1, Buffer.from(`http://ns.adobe.com/xap/1.0/\0<x>${SECRET}</x>`));
    const kept = await expectClean(Buffer.concat([bytes, Buffer.from(SECRET)]), 'a.jpg');
    const { icc, exif: left } = await sharp(kept).metadata();
    expect(icc?.length).toBeGreaterThan(100);
    expect(left).toBeUndefined();
  });

  it('of a turned JPEG, which stays turned', async () => {
    const bytes = await (
      await smooth(60, 40)
    )
      .withMetadata({ orientation: 6, exif: { IFD0: { Copyright: SECRET } } })
      .jpeg()
      .toBuffer();
    const kept = await expectClean(bytes, 'turned.jpg');
    expect((await sharp(kept).metadata()).orientation).toBe(6);
  });

  it('of a progressive JPEG with restart markers', async () => {
    const bytes = jpegWith(await MAKERS.progressive(), 0xe5, Buffer.from(SECRET));
    await expectClean(bytes, 'p.jpg');
  });

  it('of a PNG with EXIF, text and a private chunk', async () => {
    const bytes = afterIhdr(
      await (await smooth()).withExif(exif).png().toBuffer(),
      pngChunk('tEXt', Buffer.from(`Location\0${SECRET}`)),
      pngChunk('prVt', Buffer.from(SECRET)),
    );
    await expectClean(bytes, 'a.png');
  });

  it.each(['webp', 'losslessWebp'] as const)('of a %s with EXIF and XMP', async (kind) => {
    const bytes = await sharp(await MAKERS[kind]())
      .withExif(exif)
      .withXmp(`<x>${SECRET}</x>`)
      .webp({ lossless: true })
      .toBuffer();
    await expectClean(bytes, 'a.webp');
  });

  it('of an AVIF with EXIF and XMP', async () => {
    const bytes = await (
      await smooth()
    )
      .withExif(exif)
      .withXmp(`<x>${SECRET}</x>`)
      .avif({ effort: 0 })
      .toBuffer();
    const kept = await expectClean(bytes, 'a.avif');
    expect(kept.length).toBe(bytes.length);
  });

  it('of a GIF with a comment and XMP; it still repeats', async () => {
    const plain = await animated('gif', 3);
    const comment = Buffer.concat([
      Buffer.from([0x21, 0xfe, SECRET.length]),
      Buffer.from(SECRET),
      Buffer.from([0]),
    ]);
    const bytes = Buffer.concat([plain.subarray(0, -1), comment, plain.subarray(-1)]);
    const kept = await expectClean(bytes, 'a.gif');
    expect(kept.equals(plain)).toBe(true);
    expect(kept.includes('NETSCAPE2.0')).toBe(true);
  });

  it('of an MP4 with a place, whose samples stay byte for byte', async () => {
    const bytes = ffmpeg(
      [
        '-f',
        'lavfi',
        '-i',
        pattern(),
        '-c:v',
        'libx264',
        '-pix_fmt',
        'yuv420p',
        '-metadata',
        `location=${SECRET}`,
        '-metadata',
        `title=${SECRET}`,
      ],
      'mp4',
    );
    const whole = Buffer.concat([bytes, mp4Box('uuid', Buffer.from(SECRET))]);
    const { kept } = await keep(whole, 'a.mp4');
    expect(whole.includes(SECRET)).toBe(true);
    expect(kept.includes(SECRET)).toBe(false);
    const samples = (file: Buffer) => {
      const at = file.indexOf('mdat');
      return file.subarray(at, at - 4 + file.readUInt32BE(at - 4));
    };
    expect(samples(kept).equals(samples(whole))).toBe(true);
  });

  it('of a WebM with tags', async () => {
    const bytes = ffmpeg(
      [
        '-f',
        'lavfi',
        '-i',
        pattern(),
        '-c:v',
        'libvpx',
        '-deadline',
        'realtime',
        '-metadata',
        `location=${SECRET}`,
      ],
      'webm',
    );
    expect(bytes.includes(SECRET)).toBe(true);
    const { kept, item } = await keep(bytes, 'a.webm');
    expect(kept.includes(SECRET)).toBe(false);
    expect(item.durationMs).toBeGreaterThan(900);
  });

  it('of nothing, byte for byte, when there is none', async () => {
    for (const kind of ['jpeg', 'png', 'gif', 'webp', 'animatedWebp', 'avif'] as const) {
      const bytes = await MAKERS[kind]();
      expect((await keep(bytes, 'plain')).kept.equals(bytes), kind).toBe(true);
    }
  });
});

describe('thumbnails', () => {
  const thumbOf = async (item: MediaItem) =>
    sharp(await (await aino.request(item.thumbUrl ?? '')).arrayBuffer());
  const middle = async (image: Sharp) => {
    const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
    const at = (Math.floor(info.height / 2) * info.width + Math.floor(info.width / 2)) * info.channels;
    return [...data.subarray(at, at + 3)];
  };
  const plain = (background: string | { r: number; g: number; b: number; alpha: number }) =>
    sharp({ create: { width: 90, height: 60, channels: 4, background } });

  it('are in sRGB whatever the file is in', async () => {
    const cmyk = await plain('#b45a3c').removeAlpha().toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer();
    const deep = await plain('#b45a3c').removeAlpha().toColourspace('rgb16').png().toBuffer();
    const wide = await plain('#b45a3c').removeAlpha().withIccProfile('p3').png().toBuffer();
    for (const bytes of [cmyk, deep, wide]) {
      const { item } = await keep(bytes, 'colour');
      const [red = 0, green = 0, blue = 0] = await middle(await thumbOf(item));
      expect(Math.abs(red - 0xb4)).toBeLessThan(24);
      expect(Math.abs(green - 0x5a)).toBeLessThan(24);
      expect(Math.abs(blue - 0x3c)).toBeLessThan(24);
    }
  });

  it.each([
    ['dark', { r: 0, g: 0, b: 0, alpha: 1 }, 255],
    ['light', { r: 255, g: 255, b: 255, alpha: 1 }, 32],
  ])('of %s ink on nothing have a ground it can be read on', async (_ink, ink, ground) => {
    const dot = await sharp({ create: { width: 10, height: 10, channels: 4, background: ink } })
      .png()
      .toBuffer();
    const bytes = await plain({ r: 0, g: 0, b: 0, alpha: 0 })
      .composite([{ input: dot, left: 2, top: 2 }])
      .png()
      .toBuffer();
    const thumb = await thumbOf((await keep(bytes, 'ink.png')).item);
    const [red = 0] = await middle(thumb);
    expect(Math.abs(red - ground)).toBeLessThan(6);
  });
});

describe('an animation', () => {
  it('gets a short silent clip when that is smaller, and none otherwise', async () => {
    const long = await keep(await bigGif(), 'long.gif');
    const short = await keep(gifOfFrames(2), 'short.gif');
    const settled = async (id: string) => {
      const get = async () => mediaItem.parse(await (await aino.request(`/api/media/${id}`)).json());
      await expect.poll(async () => (await get()).state).toBe('ready');
      return get();
    };
    const item = await settled(long.item.id);
    const clip = Buffer.from(await (await aino.request(item.previewUrl ?? '')).arrayBuffer());
    expect(clip.toString('latin1', 4, 8)).toBe('ftyp');
    expect(clip.length).toBeLessThan(long.kept.length / 2);
    expect((await settled(short.item.id)).previewUrl).toBeNull();
  });
});

/** 30 frames of a moving pattern, 200 × 150. */
const bigGif = async () => ffmpeg(['-f', 'lavfi', '-i', pattern({ size: '200x150', seconds: 2 })], 'gif');
