import sharp from 'sharp';
import type { Random } from './seeded.ts';

type Save = (
  image: ReturnType<typeof sharp>,
  random: Random,
  size: { width: number; height: number },
) => Promise<Buffer>;

const quality = (random: Random) => 30 + Math.floor(random() * 66);

/** The ways in which other apps save a picture again. */
const WAYS = {
  jpeg: (image, random) => image.jpeg({ quality: quality(random) }).toBuffer(),
  webp: (image, random) => image.webp({ quality: quality(random), effort: 1 }).toBuffer(),
  png: (image) => image.png({ compressionLevel: 1 }).toBuffer(),
  gif: (image) => image.gif({ effort: 1 }).toBuffer(),
  resized(image, random, { width, height }) {
    const scale = 0.3 + random() * 1.7;
    return image
      .resize(Math.round(width * scale), Math.round(height * scale), { fit: 'fill' })
      .jpeg({ quality: 80 })
      .toBuffer();
  },
  cropped(image, random, { width, height }) {
    const cut = (side: number) => Math.floor(random() * 0.05 * side);
    const [left, top, right, bottom] = [cut(width), cut(height), cut(width), cut(height)];
    return image
      .extract({ left, top, width: width - left - right, height: height - top - bottom })
      .jpeg({ quality: 80 })
      .toBuffer();
  },
  bars(image, random, { width, height }) {
    const [x, y] = random() < 0.5 ? [0, 0.05 + random() * 0.3] : [0.05 + random() * 0.3, 0];
    const [wide, high] = [Math.round(width * x), Math.round(height * y)];
    const background = random() < 0.5 ? '#000' : '#fff';
    return image
      .extend({ left: wide, right: wide, top: high, bottom: high, background })
      .jpeg({ quality: 75 })
      .toBuffer();
  },
  colours: (image, random) =>
    image
      .modulate({
        brightness: 0.8 + random() * 0.4,
        saturation: 0.6 + random() * 0.8,
        hue: Math.floor(random() * 30),
      })
      .linear(0.85 + random() * 0.3, random() * 20 - 10)
      .jpeg({ quality: 85 })
      .toBuffer(),
  watermark(image, _random, { width, height }) {
    const size = Math.round(width / 22);
    const mark = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><text x="98%" y="97%" text-anchor="end" font-family="DejaVu Sans" font-size="${size}" fill="#fff" fill-opacity=".7" stroke="#000" stroke-opacity=".5">@memes.example</text></svg>`;
    return image
      .composite([{ input: Buffer.from(mark) }])
      .jpeg({ quality: 85 })
      .toBuffer();
  },
  mirrored: (image) => image.flop().jpeg({ quality: 85 }).toBuffer(),
} satisfies Record<string, Save>;

export type SavedAgain = keyof typeof WAYS;

/** The ways, one name a kind. */
export const SAVED_AGAIN = [
  'jpeg',
  'webp',
  'png',
  'gif',
  'resized',
  'cropped',
  'bars',
  'colours',
  'watermark',
  'mirrored',
] as const satisfies SavedAgain[];

/** Saves a picture again as other apps do. */
export async function saveAgain(picture: Buffer, way: SavedAgain, random: Random): Promise<Buffer> {
  const image = sharp(picture);
  const save: Save = WAYS[way];
  return save(image, random, await image.metadata());
}
