import sharp, { type Metadata } from 'sharp';
import { rgbaToThumbHash } from 'thumbhash';
import { AppError } from '../../http/errors.ts';
import { FORMATS, type Format } from './sniff.ts';

/** Largest picture by pixels of one frame: above the 50 megapixels of today's phones, below what 1 GB of memory decodes. */
export const MAX_PIXELS = 64_000_000;
/** Longest side of a thumbnail in pixels. */
const THUMB_SIDE = 600;
/** Size 600 px at quality 72 keeps busy photos near 45 kB. */
const THUMB_QUALITY = 72;
/** thumbhash takes at most 100 × 100 pixels. */
const HASH_SIDE = 100;

// A picture is decoded once: libvips' cache of operations would only hold memory.
sharp.cache(false);

export interface ImageProbe {
  kind: 'image' | 'animation';
  mime: string;
  extension: string;
  /** As shown, after EXIF orientation. */
  width: number;
  height: number;
  durationMs: number | null;
}

export interface Thumbnail {
  webp: Buffer;
  /** thumbhash in base64. */
  hash: string;
}

/** A truncated or corrupt file is an error, a mere warning (a wrong colour profile, stray bytes) is not. Decodes the first frame. */
const open = (path: string) =>
  sharp(path, { failOn: 'error', limitInputPixels: MAX_PIXELS, sequentialRead: true });

/** Reads the header. Errors: broken_file, too_many_pixels. */
export async function probeImage(path: string, format: Format): Promise<ImageProbe> {
  const metadata = await sharp(path, { limitInputPixels: false }).metadata().catch(broken);
  const { width, height } = metadata.autoOrient;
  if (!width || !height) return broken(new Error('no dimensions'));
  if (width * height > MAX_PIXELS) {
    throw new AppError(
      'too_many_pixels',
      `The picture has ${Math.round((width * height) / 1e6)} megapixels; the limit is ${MAX_PIXELS / 1e6}.`,
    );
  }
  const moving = (metadata.pages ?? 1) > 1;
  return {
    kind: moving ? 'animation' : 'image',
    ...FORMATS[format],
    width,
    height,
    durationMs: moving ? durationOf(metadata) : null,
  };
}

const durationOf = ({ delay = [] }: Metadata): number => delay.reduce((sum, ms) => sum + ms, 0);

/** Decodes the whole first frame, so a file that gets through is whole. Errors: broken_file. */
export async function makeThumbnail(path: string): Promise<Thumbnail> {
  const { data, info } = await open(path)
    .autoOrient()
    .resize({ width: THUMB_SIDE, height: THUMB_SIDE, fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch(broken);
  const raw = { width: info.width, height: info.height, channels: info.channels };
  const [webp, small] = await Promise.all([
    sharp(data, { raw }).webp({ quality: THUMB_QUALITY, effort: 4 }).toBuffer(),
    sharp(data, { raw })
      .resize({ width: HASH_SIDE, height: HASH_SIDE, fit: 'inside', withoutEnlargement: true })
      .raw()
      .toBuffer({ resolveWithObject: true }),
  ]);
  const hash = rgbaToThumbHash(small.info.width, small.info.height, small.data);
  return { webp, hash: Buffer.from(hash).toString('base64') };
}

function broken(cause: unknown): never {
  throw new AppError('broken_file', 'The file is damaged or incomplete: it cannot be opened as a picture.', {
    cause,
  });
}
