import type { Metadata } from 'sharp';
import { AppError } from '../../http/errors.ts';
import { sharp } from '../sharp.ts';
import { faultOf } from '../fault.ts';
import type { AvifSequence } from '../metadata/avif-sequence.ts';
import { frameDelayMs } from './frame-delay.ts';
import { MAX_DECODE_BYTES } from '../media.limits.ts';
import { FORMATS, type StoredFormat } from './formats.limits.ts';

/** Maximum pixels of one frame if decoding streams: above the 100 megapixels of today's cameras. */
const MAX_PIXELS = 160_000_000;
/**
 * Maximum frames of an animation: 10 minutes at 30 frames a second. Each costs a header read at
 * every opening.
 */
const MAX_FRAMES = 18_000;
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

/**
 * Opens a picture; decodes its first frame, or that of a number from 0. A truncated or corrupt
 * file is an error; a warning (a wrong colour profile, stray bytes) is not.
 */
export const openPicture = (path: string, page = 0) =>
  sharp(path, {
    failOn: 'error',
    limitInputPixels: MAX_PIXELS,
    sequentialRead: true,
    ...(page > 0 && { page }),
  });

/** Whether a picture was not opened because its file is not there. */
export const isMissingFile = (error: unknown): boolean =>
  error instanceof Error && /missing/i.test(error.message);

/** Reads the header. Errors: `broken_file`, `too_many_pixels`, `too_many_frames`. */
export async function probeImage(path: string, format: StoredFormat): Promise<ImageProbe> {
  const metadata = await sharp(path, { limitInputPixels: false }).metadata().catch(brokenPicture);
  const { width, height } = metadata.autoOrient;
  if (!width || !height) return brokenPicture(new Error('no dimensions'));
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
  if (!width || !height) return brokenPicture(new Error('no dimensions'));
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
  const metadata = await sharp(path, { limitInputPixels: false }).metadata().catch(brokenPicture);
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

/** Long side of the picture for the clipboard. */
const CLIPBOARD_SIDE_PIXELS = 1024;

/**
 * Makes a PNG of the first frame, which every program accepts from a clipboard. Errors:
 * `broken_file`.
 */
export function clipboardPng(path: string): Promise<Buffer> {
  return openPicture(path)
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
    .catch(brokenPicture);
}

/**
 * Rethrows a decoder's error: as the file's fault, or as the server's for a lack of memory or disk.
 */
export function brokenPicture(cause: unknown): never {
  if (faultOf(cause) === 'server') {
    throw new AppError('unavailable', 'Pictures cannot be processed at the moment. Try again later.', {
      cause,
    });
  }
  throw new AppError('broken_file', 'The file is damaged or incomplete: it cannot be opened as a picture.', {
    cause,
  });
}
