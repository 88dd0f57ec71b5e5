import { rgbaToThumbHash } from 'thumbhash';
import { backdropFor } from '../../util/backdrop.ts';
import { THUMB_SIDE_PIXELS } from '../media.limits.ts';
import { sharp } from '../sharp.ts';
import { brokenPicture, openPicture } from './image.ts';

/**
 * Quality 60 at effort 1 gives the bytes of 70 at 2 in half the time (measured). A tile shows no
 * difference.
 */
const THUMB_WEBP = { quality: 60, effort: 1 } as const;
/**
 * Budget of each thumbnail on a page of 30. A grainy picture above it is coded again, coarser or,
 * far above it, smaller too.
 */
const MAX_THUMB_BYTES = 45_000;
const COARSE_WEBP = { quality: 35, effort: 1 } as const;
const FAR_ABOVE_RATIO = 1.4;
const SMALL_SIDE_PIXELS = 400;
const SMALL_WEBP = { quality: 40, effort: 1 } as const;
/** thumbhash keeps at most 7 waves a side, so this is plenty; its time grows with the pixels. */
const HASH_SIDE_PIXELS = 32;

export interface Thumbnail {
  webp: Buffer;
  /** thumbhash in base64. */
  hash: string;
}

/**
 * Makes a thumbnail. Decodes the whole first frame once, so an accepted file is whole. Errors:
 * `broken_file`.
 */
export async function makeThumbnail(path: string): Promise<Thumbnail> {
  const { data, info } = await openPicture(path)
    .autoOrient()
    .resize({ width: THUMB_SIDE_PIXELS, height: THUMB_SIDE_PIXELS, fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch(brokenPicture);
  const backdrop = backdropFor(data, info.channels);
  const raw = { width: info.width, height: info.height, channels: info.channels };
  const picture = () => {
    const image = sharp(data, { raw });
    return backdrop ? image.flatten({ background: backdrop }) : image;
  };
  const webp = await picture().webp(THUMB_WEBP).toBuffer();
  const small = tiny(data, info, backdrop);
  const hash = rgbaToThumbHash(small.width, small.height, small.rgba);
  return { webp: await affordable(webp, picture), hash: Buffer.from(hash).toString('base64') };
}

/** Encodes the picture in at most {@link MAX_THUMB_BYTES}, as far as possible. */
async function affordable(webp: Buffer, picture: () => ReturnType<typeof sharp>): Promise<Buffer> {
  if (webp.length <= MAX_THUMB_BYTES) return webp;
  if (webp.length <= MAX_THUMB_BYTES * FAR_ABOVE_RATIO) return picture().webp(COARSE_WEBP).toBuffer();
  const box = {
    width: SMALL_SIDE_PIXELS,
    height: SMALL_SIDE_PIXELS,
    fit: 'inside',
    withoutEnlargement: true,
  } as const;
  return picture().resize(box).webp(SMALL_WEBP).toBuffer();
}

/**
 * Scales to at most {@link HASH_SIDE_PIXELS} pixels a side. Each field
 * is the mean of up to 4 × 4 pixels, on the background if there is one.
 */
function tiny(
  pixels: Buffer,
  { width, height, channels }: { width: number; height: number; channels: number },
  backdrop: string | null,
) {
  const scale = Math.min(1, HASH_SIDE_PIXELS / Math.max(width, height));
  const wide = Math.max(1, Math.round(width * scale));
  const high = Math.max(1, Math.round(height * scale));
  const ground = backdrop === null ? null : Number.parseInt(backdrop.slice(3, 5), 16);
  const grey = channels < 3;
  const alphaAt = channels === 2 || channels === 4 ? channels - 1 : null;
  const rgba = new Uint8Array(wide * high * 4);
  for (let y = 0; y < high; y++) {
    for (let x = 0; x < wide; x++) {
      const sum = [0, 0, 0, 0];
      for (let i = 0; i < 16; i++) {
        const column = Math.floor(((x + ((i & 3) + 0.5) / 4) * width) / wide);
        const row = Math.floor(((y + ((i >> 2) + 0.5) / 4) * height) / high);
        const at = (row * width + column) * channels;
        const alpha = alphaAt === null ? 255 : (pixels[at + alphaAt] ?? 255);
        for (let c = 0; c < 3; c++) {
          const value = pixels[at + (grey ? 0 : c)] ?? 0;
          sum[c] = (sum[c] ?? 0) + (ground === null ? value : (value * alpha + ground * (255 - alpha)) / 255);
        }
        sum[3] = (sum[3] ?? 0) + (ground === null ? alpha : 255);
      }
      rgba.set(
        sum.map((value) => Math.round(value / 16)),
        (y * wide + x) * 4,
      );
    }
  }
  return { width: wide, height: high, rgba };
}
