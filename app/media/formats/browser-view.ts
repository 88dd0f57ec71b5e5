import { randomUUID } from 'node:crypto';
import { copyFile, open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../http/errors.ts';
import { faultOf } from '../fault.ts';
import type { Ffmpeg, FfmpegInput } from '../ffmpeg/ffmpeg.ts';
import { sharp } from '../sharp.ts';
import type { HdrTransfer } from './hdr-light.ts';
import { COLOUR_WITHIN_BYTES, hdrTransferOf, toneMap } from './tone-map-picture.ts';

/**
 * A picture that browsers show differently from sharp. Thumbnail, text recognition, preview and
 * clipboard use this module for:
 *
 * - an animated PNG: sharp shows the default image, even if it is no frame of the animation,
 * - an animated AVIF, which sharp refuses,
 * - an AVIF or PNG in HDR, whose colours sharp leaves as coded.
 */
export interface Picture {
  /** An absolute path. */
  path: string;
  mime: string;
  animated: boolean;
}

export interface ViewOptions {
  ffmpeg: Ffmpeg | null;
  /** Folder for the output files. */
  folder: string;
  signal?: AbortSignal | undefined;
}

/** Longest side in pixels of the output; the original keeps its size. */
const MAX_SIDE_PIXELS = 1600;
/** Maximum number of sampled frames. */
const MAX_FRAMES = 60;
const LIMITS = { timeoutMs: 60_000, cpuSeconds: 50 } as const;

/**
 * Returns a file that sharp opens and that shows the first frame as browsers do. It is the picture
 * itself, or a PNG in the folder. Errors: `broken_file`; `video_unsupported` (an animated AVIF, and
 * no ffmpeg); `unavailable`.
 */
export async function firstShownFrame(picture: Picture, options: ViewOptions): Promise<string> {
  const input = await inputOf(picture, options.folder);
  if (input) {
    const [first] = await extract(input, { ...options, count: 1, every: 0 });
    if (first !== undefined) return first;
    throw broken(new Error('ffmpeg found no frame'));
  }
  const transfer = await hdrOf(picture);
  return transfer
    ? toneMapped(picture.path, transfer, join(options.folder, 'tone-mapped.png'))
    : picture.path;
}

/**
 * Extracts the frames of an animation that ffmpeg decodes, as PNG files in order of time. Returns
 * all of them, or {@link MAX_FRAMES} evenly spread; `null` for another kind of picture. Errors: as
 * {@link firstShownFrame}.
 */
export async function sampleFrames(
  picture: Picture & { durationMs: number },
  options: ViewOptions,
): Promise<string[] | null> {
  const input = await inputOf(picture, options.folder);
  if (!input) return null;
  const every = picture.durationMs / 1000 / MAX_FRAMES;
  return extract(input, { ...options, count: MAX_FRAMES, every });
}

/**
 * Returns the ffmpeg input of an animation that sharp cannot open; `null` for every other picture.
 */
export async function inputOf(
  { path, mime, animated }: Picture,
  folder: string,
): Promise<AnimationInput | null> {
  // A frame without a delay, or with one that browsers replace, lasts 100 ms.
  if (mime === 'image/png' && animated) {
    return { demuxer: 'apng', path, options: ['-max_fps', '99', '-default_fps', '10'], map: '0:V:0' };
  }
  if (mime !== 'image/avif' || (await read(path, 8, 4)).toString('latin1') !== 'avis') return null;
  const alphaAt = await alphaHandlerAt(path);
  if (alphaAt === null) return { demuxer: 'mov', path, map: '0:V:0' };
  // ffmpeg ignores an alpha track unless its handler says video.
  const copy = join(folder, 'with-alpha.mp4');
  await copyFile(path, copy);
  await using file = await open(copy, 'r+');
  await file.write('vide', alphaAt, 'latin1');
  return { demuxer: 'mov', path: copy, map: '[shown]', filter: '[0:v:0][0:v:1]alphamerge' };
}

/** An ffmpeg input with the shown stream, or the filter that merges two streams into it. */
export interface AnimationInput extends FfmpegInput {
  map: string;
  filter?: string;
}

/** Returns the arguments that select the shown stream and send it through more filters. */
export function shownThrough({ map, filter }: AnimationInput, filters: string): string[] {
  return filter === undefined
    ? ['-map', map, '-vf', filters]
    : ['-filter_complex', `${filter},${filters}[shown]`, '-map', map];
}

async function extract(
  input: AnimationInput,
  { ffmpeg, folder, signal, count, every }: ViewOptions & { count: number; every: number },
): Promise<string[]> {
  if (!ffmpeg) {
    throw new AppError('video_unsupported', 'This animation is not accepted: this server has no ffmpeg.');
  }
  const select = `select='isnan(prev_selected_t)+gte(t-prev_selected_t,${every.toFixed(6)}-0.0005)'`;
  const scale = `scale='min(${MAX_SIDE_PIXELS},iw)':'min(${MAX_SIDE_PIXELS},ih)':force_original_aspect_ratio=decrease`;
  const name = `frame-${randomUUID()}`;
  await ffmpeg
    .run(
      [input],
      [
        shownThrough(input, `${select},${scale},format=rgba`),
        ['-vsync', 'vfr', '-frames:v', String(count), '-compression_level', '1', '-f', 'image2'],
        `file:${name}-%03d.png`,
      ],
      { cwd: folder, signal, limits: LIMITS },
    )
    .catch((error: unknown) => refuse(ffmpeg, folder, error));
  return existing(folder, name, count);
}

/** Lists the existing numbered files, from 1 to the first gap. */
async function existing(folder: string, name: string, count: number): Promise<string[]> {
  const there = new Set(await readdir(folder));
  const names = Array.from({ length: count }, (_, i) => `${name}-${String(i + 1).padStart(3, '0')}.png`);
  return names.filter((file) => there.has(file)).map((file) => join(folder, file));
}

async function refuse(ffmpeg: Ffmpeg, folder: string, error: unknown): Promise<never> {
  if (faultOf(error) !== 'server' && (await ffmpeg.works(folder))) throw broken(error);
  throw new AppError('unavailable', 'Animations cannot be processed at the moment. Try again later.', {
    cause: error,
  });
}

const broken = (cause: unknown) =>
  new AppError('broken_file', 'The file is damaged or incomplete: it cannot be played as an animation.', {
    cause,
  });

async function read(path: string, start: number, length: number): Promise<Buffer> {
  await using file = await open(path, 'r');
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, start);
  return buffer.subarray(0, bytesRead);
}

/** Bytes to search for the handler at each end: the movie box lies at one of them. */
const SEARCH_BYTES = 2 << 20;

/**
 * Returns the position of the alpha track's handler type (ISO/IEC 23008-12 §7.5.4), or `null`. It
 * searches bytes and does not walk boxes.
 */
async function alphaHandlerAt(path: string): Promise<number | null> {
  const { size } = await stat(path);
  for (const start of [0, Math.max(0, size - SEARCH_BYTES)]) {
    const bytes = await read(path, start, SEARCH_BYTES);
    const at = bytes.indexOf('hdlr\0\0\0\0\0\0\0\0auxv', 0, 'latin1');
    if (at >= 0) return start + at + 12;
  }
  return null;
}

async function hdrOf({ path, mime }: Picture): Promise<HdrTransfer | null> {
  return mime === 'image/avif' || mime === 'image/png'
    ? hdrTransferOf(await read(path, 0, COLOUR_WITHIN_BYTES), mime)
    : null;
}

/**
 * Writes an HDR picture as an upright 8-bit PNG in sRGB, at most {@link MAX_SIDE_PIXELS} pixels a
 * side.
 */
async function toneMapped(path: string, transfer: HdrTransfer, target: string): Promise<string> {
  const { data, info } = await sharp(path, { failOn: 'error' })
    .autoOrient()
    .resize({ width: MAX_SIDE_PIXELS, height: MAX_SIDE_PIXELS, fit: 'inside', withoutEnlargement: true })
    .toColourspace('rgb16')
    .raw({ depth: 'ushort' })
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => {
      throw faultOf(error) === 'server' ? error : broken(error);
    });
  const pixels = new Uint16Array(data.buffer, data.byteOffset, data.length / 2);
  const shown = await toneMap(pixels, info, transfer);
  const { width, height, channels } = info;
  await sharp(shown, { raw: { width, height, channels } }).png({ compressionLevel: 1 }).toFile(target);
  return target;
}
