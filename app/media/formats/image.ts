import type { Metadata } from 'sharp';
import { rgbaToThumbHash } from 'thumbhash';
import { AppError } from '../../http/errors.ts';
import { sharp } from '../sharp.ts';
import { faultOf } from '../fault.ts';
import type { AvifSequence } from '../metadata/avif-sequence.ts';
import { backdropFor } from '../../util/backdrop.ts';
import { frameDelayMs } from './frame-delay.ts';
import { FORMATS, type Format } from './sniff.ts';

/** Largest picture by pixels of one frame, where decoding streams: above the 100 megapixels of today's cameras. */
const MAX_PIXELS = 160_000_000;
/** Most memory the decoder of one picture may need, in bytes: what does not stream is limited by this. */
const MAX_DECODE_BYTES = 300_000_000;
/** Most frames of an animation: 10 minutes at 30 frames a second. Each costs a header read at every opening. */
const MAX_FRAMES = 18_000;
/** Longest side of a thumbnail in pixels. */
const THUMB_SIDE = 600;
/** Quality 60 at effort 1 gives the bytes of 70 at 2 in half the time, and no difference to see on a card (measured). */
const THUMB_WEBP = { quality: 60, effort: 1 } as const;
/** What a page of 30 can afford of each; a grainy picture above it is coded again, coarser or, far above it, smaller too. */
const THUMB_BYTES = 45_000;
const COARSE_WEBP = { quality: 35, effort: 1 } as const;
const FAR_ABOVE = 1.4;
const SMALL_SIDE = 400;
const SMALL_WEBP = { quality: 40, effort: 1 } as const;
/** thumbhash keeps at most 7 waves a side, for which this is plenty; it costs time by the pixel. */
const HASH_SIDE = 32;

export interface ImageProbe {
  kind: 'image' | 'animation';
  mime: string;
  extension: string;
  /** As shown, after EXIF orientation. */
  width: number;
  height: number;
  durationMs: number | null;
  /** What decoding it may need in memory, bytes: for whoever bounds how many are decoded at once. */
  decodeBytes: number;
}

export interface Thumbnail {
  webp: Buffer;
  /** thumbhash in base64. */
  hash: string;
}

/** A truncated or corrupt file is an error, a mere warning (a wrong colour profile, stray bytes) is not. Decodes the first frame. */
const open = (path: string) =>
  sharp(path, { failOn: 'error', limitInputPixels: MAX_PIXELS, sequentialRead: true });

/** Reads the header. Errors: broken_file, too_many_pixels, too_many_frames. */
export async function probeImage(path: string, format: Format): Promise<ImageProbe> {
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

/** The same of an animated AVIF, by what its structure says. Errors: too_many_pixels, too_many_frames. */
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
    // ffmpeg decodes it in a process of its own; here its first frame is opened as a PNG.
    decodeBytes: withinLimits(sequence, width * height * 4 + 8_000_000),
  };
}

/** Answers the bytes that one frame takes to decode, if all is within limits. Errors: too_many_pixels, too_many_frames. */
function withinLimits(
  { width, height, frames }: { width: number; height: number; frames: number },
  decodeBytes: number,
): number {
  if (width * height > MAX_PIXELS || decodeBytes > MAX_DECODE_BYTES) {
    throw new AppError(
      'too_many_pixels',
      `The picture has ${Math.round((width * height) / 1e6)} megapixels, which is more than can be opened here.`,
    );
  }
  if (frames > MAX_FRAMES) {
    throw new AppError('too_many_frames', `The animation has more than ${MAX_FRAMES} frames.`);
  }
  return decodeBytes;
}

const durationOf = ({ delay = [] }: Metadata): number => delay.reduce((sum, ms) => sum + frameDelayMs(ms), 0);

/** What decoding one frame takes, bytes. */
const decodeBytesOf = (metadata: Metadata): number =>
  metadata.autoOrient.width * metadata.autoOrient.height * bytesPerPixel(metadata) + 8_000_000;

/**
 * What a decoder holds per pixel, bytes; measured on pictures of 72 megapixels where it is not plain. A baseline JPEG and a
 * plain PNG are decoded row by row; a progressive JPEG keeps all coefficients, an interlaced PNG the whole picture. A moving
 * picture takes the frame before and the one it is drawn into as well; an AVIF its planes, their copies and the result.
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

/** 16 bits of each coefficient of each component; two components of three have a quarter or half of them. */
function coefficientBytes({ channels, chromaSubsampling = '' }: Metadata): number {
  if (channels === 3 && chromaSubsampling === '4:2:0') return 3;
  if (channels === 3 && chromaSubsampling === '4:2:2') return 4;
  return 2 * channels;
}

/** How a picture is decoded without being made smaller on the way. */
export interface FullDecode {
  /** Pixels, as shown. */
  width: number;
  height: number;
  frames: number;
  hasAlpha: boolean;
  /** Memory it takes. One that is turned is held whole, for its rows are columns of the file. */
  bytes: number;
}

/** Reads the header. Errors: broken_file. */
export async function fullDecodeOf(path: string): Promise<FullDecode> {
  const metadata = await sharp(path, { limitInputPixels: false }).metadata().catch(broken);
  const { autoOrient, orientation = 1, channels, pages = 1, hasAlpha } = metadata;
  const { width, height } = autoOrient;
  const turned = orientation > 1 ? width * height * channels * sampleBytes(metadata) : 0;
  return { width, height, frames: pages, hasAlpha, bytes: Math.max(decodeBytesOf(metadata), turned) };
}

/** Longest time one smaller copy may take, seconds: a frame of an animation is drawn on all before it. */
const COPY_TIMEOUT_S = 60;

/** Writes one frame, upright and at most so large, as a JPEG, or as a PNG where it is transparent. Errors: broken_file. */
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

/** Decodes the whole first frame once, so a file that gets through is whole. Errors: broken_file. */
export async function makeThumbnail(path: string): Promise<Thumbnail> {
  const { data, info } = await open(path)
    .autoOrient()
    .resize({ width: THUMB_SIDE, height: THUMB_SIDE, fit: 'inside', withoutEnlargement: true })
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

/** The picture in at most {@link THUMB_BYTES}, as far as that can be had. */
async function affordable(webp: Buffer, picture: () => ReturnType<typeof sharp>): Promise<Buffer> {
  if (webp.length <= THUMB_BYTES) return webp;
  if (webp.length <= THUMB_BYTES * FAR_ABOVE) return picture().webp(COARSE_WEBP).toBuffer();
  const box = { width: SMALL_SIDE, height: SMALL_SIDE, fit: 'inside', withoutEnlargement: true } as const;
  return picture().resize(box).webp(SMALL_WEBP).toBuffer();
}

/** At most {@link HASH_SIDE} pixels a side: of each field the mean of up to 4 × 4 of its pixels, on the ground if there is one. */
function tiny(
  pixels: Buffer,
  { width, height, channels }: { width: number; height: number; channels: number },
  backdrop: string | null,
) {
  const scale = Math.min(1, HASH_SIDE / Math.max(width, height));
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
const CLIPBOARD_SIDE = 1024;

/**
 * A PNG of the first frame, what every program takes from a clipboard. Errors: broken_file.
 */
export function clipboardPng(path: string): Promise<Buffer> {
  return open(path)
    .autoOrient()
    .resize({ width: CLIPBOARD_SIDE, height: CLIPBOARD_SIDE, fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .png({ compressionLevel: 6 })
    .toBuffer()
    .catch(broken);
}

/** A decoder's complaint is the file's fault, a lack of memory or disk the server's. */
function broken(cause: unknown): never {
  if (faultOf(cause) === 'server') {
    throw new AppError('unavailable', 'Pictures cannot be opened on this server just now. Try again later.', {
      cause,
    });
  }
  throw new AppError('broken_file', 'The file is damaged or incomplete: it cannot be opened as a picture.', {
    cause,
  });
}
