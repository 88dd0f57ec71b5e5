import type { Size } from '../media/shape.shared.ts';
import { sharp } from '../media/sharp.ts';
import { backdropFor } from '../util/backdrop.ts';

/** Longest side of a sharing picture. */
const MAX_SIDE_PIXELS = 1200;
/** A smaller picture is enlarged to this: chats show a tiny one as an icon, or not at all. */
const MIN_LONG_SIDE_PIXELS = 600;
/**
 * WhatsApp ignores a picture with a shorter side. The rest of the canvas is a blurred background.
 */
const MIN_SHORT_SIDE_PIXELS = 300;
/** WhatsApp ignores larger ones. */
export const MAX_CARD_BYTES = 300_000;
/** The canvas of a gallery's sharing picture, in the proportions of most cards (1.91:1). */
export const GALLERY_CARD: Size = { width: 1200, height: 630 };
/** Number of pictures in the sharing picture of a gallery. */
export const GALLERY_PICTURES = 4;
const GAP_PIXELS = 8;

/** The first that fits counts; a blur makes even noise fit. */
const ENCODINGS = [
  { quality: 82 },
  { quality: 70 },
  { quality: 55 },
  { quality: 40 },
  { quality: 25 },
  { quality: 40, blur: 1.5 },
  { quality: 40, blur: 4 },
] as const;

/** Returns the size at which the whole item is shown in its sharing picture. */
function innerSize({ width, height }: Size): Size {
  const long = Math.max(width, height);
  const scale = Math.min(MAX_SIDE_PIXELS, Math.max(MIN_LONG_SIDE_PIXELS, long)) / long;
  const scaled = (side: number) => Math.max(1, Math.round(side * scale));
  return { width: scaled(width), height: scaled(height) };
}

/**
 * Returns the size of an item's sharing picture, which follows from the item's. Pages name it
 * before the picture is made.
 */
export function cardSize(item: Size): Size {
  const { width, height } = innerSize(item);
  return {
    width: Math.max(MIN_SHORT_SIDE_PIXELS, width),
    height: Math.max(MIN_SHORT_SIDE_PIXELS, height),
  };
}

/**
 * Makes the sharing picture of an item: the whole first frame, upright, on an opaque background.
 * JPEG of at most {@link MAX_CARD_BYTES}, of the size of {@link cardSize}. Errors: those of sharp.
 *
 * @param picture a path or the bytes, which sharp opens
 */
export async function makeCard(picture: string | Buffer, item: Size): Promise<Buffer> {
  const inner = innerSize(item);
  const canvas = cardSize(item);
  const { data, info } = await sharp(picture, { failOn: 'error' })
    .autoOrient()
    .resize({ ...inner, fit: 'fill' })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const raw = { width: info.width, height: info.height, channels: info.channels };
  const background = backdropFor(data, info.channels) ?? '#ffffff';
  const flat = await sharp(data, { raw }).flatten({ background }).png({ compressionLevel: 1 }).toBuffer();
  if (inner.width === canvas.width && inner.height === canvas.height) return encode(flat);
  const base = await sharp(flat)
    .resize({ ...canvas, fit: 'cover' })
    .blur(30)
    .modulate({ brightness: 0.6 })
    .png()
    .toBuffer();
  return encode(
    await sharp(base)
      .composite([{ input: flat }])
      .png()
      .toBuffer(),
  );
}

/**
 * Makes the sharing picture of a gallery of its first pictures, at most {@link GALLERY_PICTURES}.
 * JPEG of {@link GALLERY_CARD} and at most {@link MAX_CARD_BYTES}.
 */
export async function makeGalleryCard(pictures: readonly Buffer[]): Promise<Buffer> {
  const cells = cellsOf(pictures.length);
  const layers = await Promise.all(
    pictures.slice(0, cells.length).map(async (picture, i) => {
      const { left, top, width, height } = cells[i] ?? { left: 0, top: 0, ...GALLERY_CARD };
      const input = await sharp(picture).resize({ width, height, fit: 'cover' }).png().toBuffer();
      return { input, left, top };
    }),
  );
  const canvas = sharp({ create: { ...GALLERY_CARD, channels: 3, background: '#202024' } });
  return encode(await canvas.composite(layers).png().toBuffer());
}

/** Returns the places of one to four pictures on the canvas of a gallery. */
function cellsOf(count: number): (Size & { left: number; top: number })[] {
  const { width, height } = GALLERY_CARD;
  const [half, low] = [(width - GAP_PIXELS) / 2, (height - GAP_PIXELS) / 2];
  const right = half + GAP_PIXELS;
  const below = low + GAP_PIXELS;
  const quarter = (left: number, top: number) => ({ left, top, width: half, height: low });
  const tall = (left: number) => ({ left, top: 0, width: half, height });
  if (count <= 1) return [{ left: 0, top: 0, width, height }];
  if (count === 2) return [tall(0), tall(right)];
  if (count === 3) return [tall(0), quarter(right, 0), quarter(right, below)];
  return [quarter(0, 0), quarter(right, 0), quarter(0, below), quarter(right, below)];
}

/** Encodes as the best JPEG within {@link MAX_CARD_BYTES}. */
async function encode(picture: Buffer): Promise<Buffer> {
  let jpeg = Buffer.alloc(0);
  for (const { quality, ...more } of ENCODINGS) {
    const image = sharp(picture);
    jpeg = await ('blur' in more ? image.blur(more.blur) : image)
      .jpeg({ quality, progressive: true })
      .toBuffer();
    if (jpeg.length <= MAX_CARD_BYTES) break;
  }
  return jpeg;
}
