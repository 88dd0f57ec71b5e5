import type { Metadata } from 'sharp';
import { rgbaToThumbHash } from 'thumbhash';
import { AppError } from '../../http/errors.ts';
import { sharp } from '../sharp.ts';
import { faultOf } from '../fault.ts';
import type { AvifSequence } from '../metadata/avif-sequence.ts';
import { backdropFor } from '../../util/backdrop.ts';
import { frameDelayMs } from './frame-delay.ts';
import { FORMATS, type StoredFormat } from './formats.limits.ts';

/** Maximum pixels of one frame if decoding streams: above the 100 megapixels of today's cameras. */
const MAX_PIXELS = 160_000_000;
/**
 * Maximum memory of one picture's decoder in bytes; limits pictures whose decoding does not stream.
 */
const MAX_DECODE_BYTES = 300_000_000;
/**
 * Maximum frames of an animation: 10 minutes at 30 frames a second. Each costs a header read at
 * every opening.
 */
const MAX_FRAMES = 18_000;
/** Longest side of a thumbnail in pixels. */
const THUMB_SIDE_PIXELS = 600;
/**
 * Quality 60 at effort 1 gives the bytes of 70 at 2 in half the time, without a visible difference
 * on a card (measured).
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

export interface ImageProbe {
  kind: 'image' | 'animation';
  mime: string;
  extension: string;
  /** As shown, after EXIF orientation. */
  width: number;
  height: number;
  durationMs: number | null;
  /** Memory of decoding in bytes, for the limit on concurrent decoders. */
  decodeBytes: number;
}

export interface Thumbnail {
  webp: Buffer;
  /** thumbhash in base64. */
  hash: string;
}

/**
 * Opens a picture; decodes its first frame. A truncated or corrupt file is an error; a warning (a
 * wrong colour profile, stray bytes) is not.
 */
const open = (path: string) =>
  sharp(path, { failOn: 'error', limitInputPixels: MAX_PIXELS, sequentialRead: true });

/** Reads the header. Errors: `broken_file`, `too_many_pixels`, `too_many_frames`. */
export async function probeImage(path: string, format: StoredFormat): Promise<ImageProbe> {
  const metadata = await sharp(path, { limitInputPixels: false }).metadata().catch(broken);
  const { width, height } = metadata.autoOrient;
  if (!width || !height) return broken(new Error('no dimensions'));
  const frames = metadata.pages ?? 1;
  const decodeBytes = withinLimits({ width, height, frames }, decodeBytesOf(metadata));
  const moving = frames > 1 && (format === 'gif' || format === 'webp');
  return {
    kind: moving ? 'animation' : 'image',
    ...FORMATS[format],
    width,
    height,
    durationMs: moving ? durationOf(metadata) : null,
    decodeBytes,
  };
}

/** Probes an animated AVIF by its structure. Errors: `too_many_pixels`, `too_many_frames`. */
export function probeSequence(sequence: AvifSequence): ImageProbe {
  const { width, height, frames, durationMs } = sequence;
  if (!width || !height) return broken(new Error('no dimensions'));
  const moving = frames > 1;
  return {
    kind: moving ? 'animation' : 'image',
    ...FORMATS.avif,
    width,
    height,
    durationMs: moving ? durationMs : null,
    // ffmpeg decodes it in its own process; this process opens its first frame as a PNG.
    decodeBytes: withinLimits(sequence, width * height * 4 + 8_000_000),
  };
}

/**
 * Checks the limits and returns the decoding memory of one frame in bytes. Errors:
 * `too_many_pixels`, `too_many_frames`.
 */
function withinLimits(
  { width, height, frames }: { width: number; height: number; frames: number },
  decodeBytes: number,
): number {
  if (width * height > MAX_PIXELS || decodeBytes > MAX_DECODE_BYTES) {
    throw new AppError(
      'too_many_pixels',
      `The picture has ${Math.round((width * height) / 1e6)} megapixels, which is above the limit.`,
    );
  }
  if (frames > MAX_FRAMES) {
    throw new AppError('too_many_frames', `The animation has more than ${MAX_FRAMES} frames.`);
  }
  return decodeBytes;
}

const durationOf = ({ delay = [] }: Metadata): number => delay.reduce((sum, ms) => sum + frameDelayMs(ms), 0);

/** Returns the decoding memory of one frame in bytes. */
const decodeBytesOf = (metadata: Metadata): number =>
  metadata.autoOrient.width * metadata.autoOrient.height * bytesPerPixel(metadata) + 8_000_000;

/**
 * Returns the bytes that a decoder holds per pixel, measured on pictures of 72 megapixels where not
 * obvious. A baseline JPEG and a plain PNG are decoded row by row. A progressive JPEG keeps all
 * coefficients, an interlaced PNG the whole picture. An animation also needs the previous frame and
 * the canvas; an AVIF its planes, their copies and the result.
 */
function bytesPerPixel(metadata: Metadata): number {
  const { format, isProgressive, channels, pages = 1 } = metadata;
  if (format === 'jpeg') return isProgressive ? coefficientBytes(metadata) : 0.05;
  if (format === 'png') return isProgressive ? channels * sampleBytes(metadata) : 0.05;
  if (format === 'heif') return 18.6;
  if (pages > 1) return 12;
  return format === 'gif' ? 5.4 : 4;
}

const sampleBytes = ({ depth }: Metadata): number => (depth === 'ushort' ? 2 : 1);

/**
 * Returns the coefficient bytes: 16 bits for each coefficient of each component. Subsampling leaves
 * a quarter or half of two components.
 */
function coefficientBytes({ channels, chromaSubsampling = '' }: Metadata): number {
  if (channels === 3 && chromaSubsampling === '4:2:0') return 3;
  if (channels === 3 && chromaSubsampling === '4:2:2') return 4;
  return 2 * channels;
}

/** Cost of decoding a picture at full size. */
export interface FullDecode {
  /** Pixels, as shown. */
  width: number;
  height: number;
  frames: number;
  hasAlpha: boolean;
  /** Memory in bytes. A rotated picture is held whole, because its rows are columns of the file. */
  bytes: number;
}

/** Reads the header. Errors: `broken_file`. */
export async function fullDecodeOf(path: string): Promise<FullDecode> {
  const metadata = await sharp(path, { limitInputPixels: false }).metadata().catch(broken);
  const { autoOrient, orientation = 1, channels, pages = 1, hasAlpha } = metadata;
  const { width, height } = autoOrient;
  const turned = orientation > 1 ? width * height * channels * sampleBytes(metadata) : 0;
  return { width, height, frames: pages, hasAlpha, bytes: Math.max(decodeBytesOf(metadata), turned) };
}

/**
 * Time limit of one smaller copy in seconds: a frame of an animation is drawn on all earlier ones.
 */
const COPY_TIMEOUT_S = 60;

/**
 * Writes one upright frame of at most the given size, as a JPEG, or a PNG if transparent.
 * Errors: `broken_file`.
 */
export async function writeSmaller(
  source: { path: string; frame: number; hasAlpha: boolean },
  target: string,
  size: { width: number; height: number },
): Promise<void> {
  const smaller = sharp(source.path, {
    page: source.frame,
    failOn: 'none',
    limitInputPixels: MAX_PIXELS,
    sequentialRead: true,
  })
    .autoOrient()
    .resize({ ...size, fit: 'fill' })
    .toColourspace('srgb')
    .timeout({ seconds: COPY_TIMEOUT_S });
  await (source.hasAlpha ? smaller.png({ compressionLevel: 1 }) : smaller.jpeg({ quality: 92 })).toFile(
    target,
  );
}

/**
 * Makes a thumbnail. Decodes the whole first frame once, so an accepted file is whole. Errors:
 * `broken_file`.
 */
export async function makeThumbnail(path: string): Promise<Thumbnail> {
  const { data, info } = await open(path)
    .autoOrient()
    .resize({ width: THUMB_SIDE_PIXELS, height: THUMB_SIDE_PIXELS, fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch(broken);
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

/** Long side of the picture for the clipboard. */
const CLIPBOARD_SIDE_PIXELS = 1024;

/**
 * Makes a PNG of the first frame, which every program accepts from a clipboard. Errors:
 * `broken_file`.
 */
export function clipboardPng(path: string): Promise<Buffer> {
  return open(path)
    .autoOrient()
    .resize({
      width: CLIPBOARD_SIDE_PIXELS,
      height: CLIPBOARD_SIDE_PIXELS,
      fit: 'inside',
      withoutEnlargement: true,
    })
    .toColourspace('srgb')
    .png({ compressionLevel: 6 })
    .toBuffer()
    .catch(broken);
}

/**
 * Rethrows a decoder's error: as the file's fault, or as the server's for a lack of memory or disk.
 */
function broken(cause: unknown): never {
  if (faultOf(cause) === 'server') {
    throw new AppError('unavailable', 'Pictures cannot be processed at the moment. Try again later.', {
      cause,
    });
  }
  throw new AppError('broken_file', 'The file is damaged or incomplete: it cannot be opened as a picture.', {
    cause,
  });
}
