import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeThumbnail } from '../../../app/media/formats/thumbnail.ts';
import { LARGE_BYTES, THUMB_BYTES, THUMB_WIDTH_PIXELS } from '../../../app/media/thumbnail.limits.ts';
import { drawPhoto } from '../../support/media/photos.ts';
import { animation } from '../../support/media/pictures.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meemikansio-thumbnail-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let count = 0;
async function thumbnailOf(bytes: Uint8Array | Sharp): Promise<Buffer> {
  const path = join(folder, `${(count += 1)}`);
  await writeFile(path, bytes instanceof Uint8Array ? bytes : await bytes.png().toBuffer());
  return (await makeThumbnail(path, null)).webp;
}
const sizeOf = async (webp: Buffer) => {
  const { width, height } = await sharp(webp).metadata();
  return [width, height];
};
const blank = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#fff' } });
const stripes = (width: number, height: number) =>
  sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs><pattern id="p" width="20" height="20" patternUnits="userSpaceOnUse"><rect width="10" height="20" fill="#d02"/></pattern></defs><rect width="100%" height="100%" fill="url(#p)"/></svg>`,
    ),
  )
    .png()
    .toBuffer();

describe('the size of a thumbnail', () => {
  it.each([
    ['a strip', [1080, 12_000], [600, 1200]],
    ['a screenshot of a phone', [1170, 2532], [600, 1200]],
    ['a portrait', [900, 1200], [600, 800]],
    ['a landscape', [1600, 1200], [600, 450]],
    ['a panorama', [12_000, 400], [600, 240]],
    ['a banner lower than a tile', [1000, 40], [100, 40]],
    ['a small picture', [100, 100], [100, 100]],
    ['a narrow strip', [200, 3000], [200, 400]],
    ['a line', [1, 900], [1, 2]],
  ])('of %s', async (_what, [width = 1, height = 1], expected) => {
    expect(await sizeOf(await thumbnailOf(blank(width, height)))).toEqual(expected);
  });

  it('counts as the picture is shown: turned by its EXIF orientation', async () => {
    const turned = await blank(2400, 400).jpeg().withMetadata({ orientation: 6 }).toBuffer();
    expect(await sizeOf(await thumbnailOf(turned))).toEqual([400, 800]);
  });

  it('of a GIF is that of its first frame', async () => {
    expect(await sizeOf(await thumbnailOf(await (await animation(3, 40)).bytes()))).toEqual([40, 40]);
  });
});

describe('the wider thumbnail for large tiles', () => {
  const largeOf = async (picture: Sharp) => {
    const path = join(folder, `${(count += 1)}`);
    await writeFile(path, await picture.png().toBuffer());
    return (await makeThumbnail(path, null)).large;
  };
  it.each([
    ['a photograph', [1600, 1200], [960, 720]],
    ['a strip', [1080, 12_000], [960, 1920]],
    ['a picture hardly wider than the other', [700, 700], null],
    ['a picture somewhat wider', [760, 380], [760, 380]],
    ['a small picture', [100, 100], null],
  ])('of %s', async (_what, [width = 1, height = 1], expected) => {
    const large = await largeOf(blank(width, height));
    expect(large && (await sizeOf(large))).toEqual(expected);
  });

  it('of a grainy photograph is bounded', async () => {
    const large = await largeOf(sharp(await drawPhoto(1600, 1200, 12)));
    expect(large?.length).toBeLessThanOrEqual(LARGE_BYTES * 1.15);
  });
});

describe('the part that a thumbnail shows', () => {
  const redAt = async (webp: Buffer, share: number) => {
    const { data, info } = await sharp(webp)
      .blur(6)
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const at = (Math.floor(share * (info.height - 1)) * info.width + (info.width >> 1)) * 3;
    return (data[at + 2] ?? 255) < 200;
  };

  it('is the top of a tall picture', async () => {
    const strip = blank(600, 6000).composite([
      { input: await stripes(600, 400), top: 0, left: 0 },
      { input: await stripes(600, 3000), top: 3000, left: 0 },
    ]);
    const webp = await thumbnailOf(strip);
    expect([await redAt(webp, 0.1), await redAt(webp, 0.9)]).toEqual([true, false]);
  });

  it('passes over an empty top', async () => {
    const strip = blank(600, 6000).composite([{ input: await stripes(600, 1500), top: 3000, left: 0 }]);
    expect(await redAt(await thumbnailOf(strip), 0.95)).toBe(true);
  });

  it('is the middle of a wide one', async () => {
    const panorama = blank(6000, 400).composite([{ input: await stripes(400, 400), top: 0, left: 2800 }]);
    expect(await redAt(await thumbnailOf(panorama), 0.5)).toBe(true);
  });

  it('is refused if the rest of the file is missing', async () => {
    const strip = await blank(600, 6000)
      .composite([{ input: await stripes(600, 6000), top: 0, left: 0 }])
      .jpeg()
      .toBuffer();
    await expect(thumbnailOf(strip.subarray(0, strip.length * 0.8))).rejects.toMatchObject({
      code: 'broken_file',
    });
  });
});

describe('the bytes of a thumbnail', () => {
  it('grainy photographs of all shapes have 33 kB on average, so that a page of 30 has 1 MB', async () => {
    const shapes = [
      [1200, 833],
      [833, 1200],
      [1600, 1200],
      [1080, 1920],
      [1080, 1080],
    ] as const;
    let sum = 0;
    for (let i = 0; i < 10; i++) {
      const [width, height] = shapes[i % shapes.length] ?? shapes[0];
      const webp = await thumbnailOf(await drawPhoto(width, height, 9 + (i % 3) * 5));
      const [wide = 0] = await sizeOf(webp);
      expect(wide).toBeGreaterThanOrEqual(360);
      sum += webp.length;
    }
    expect(sum).toBeLessThanOrEqual(1_000_000 / 3);
  });

  it('what is light keeps the whole width, whatever its quality', async () => {
    const webp = await thumbnailOf(await drawPhoto(1200, 833, 2));
    expect((await sizeOf(webp))[0]).toBe(THUMB_WIDTH_PIXELS);
    expect(webp.length).toBeLessThanOrEqual(THUMB_BYTES * 1.1);
  });
});
