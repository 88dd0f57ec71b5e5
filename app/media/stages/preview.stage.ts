import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isOpaque } from '../../util/backdrop.ts';
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import { isPermanent } from '../fault.ts';
import { FfmpegError } from '../ffmpeg/run.ts';
import { inputOf, sampleFrames, shownThrough, type AnimationInput } from '../formats/browser-view.ts';
import { frameDelayMs } from '../formats/frame-delay.ts';
import { pictureOf } from './picture.ts';
import type { StageInput, StageResult } from './stages.service.ts';
import { sharp } from '../sharp.ts';

/** Long side of the clip on a card, pixels. */
const MAX_SIDE_PIXELS = 400;
/** Maximum clip length in seconds. It also bounds an animation of thousands of frames. */
const MAX_SECONDS = 8;
/** Maximum frames of an animated WebP to examine: ffmpeg before version 8 cannot read it. */
const MAX_WEBP_FRAMES = 120;

/** Pixels of all frames searched for transparency: seconds of work. */
const MAX_LOOKED_AT_PIXELS = 600_000_000;
/**
 * Width of the searched copy. A transparent spot below one of its pixels is invisible on a card,
 * too.
 */
const LOOK_WIDTH_PIXELS = 200;

/** An animation smaller than this is its own preview. */
const WORTHWHILE_BYTES = 20_000;

const NONE: StageResult = { values: { preview_key: null } };

/**
 * Makes a short, silent MP4 of an animation. Makes none if the animation itself is smaller, or has
 * transparency, which MP4 lacks. The original then plays.
 */
export async function previewStage(
  { ffmpeg }: { ffmpeg: Ffmpeg | null },
  input: StageInput,
): Promise<StageResult> {
  const { row, folder, signal } = input;
  if (!ffmpeg) return { skip: 'ffmpeg' };
  if (row.byte_size < WORTHWHILE_BYTES || !(await isOpaqueThroughout(input, ffmpeg))) return NONE;
  const path = join(folder, 'preview.mp4');
  const scale = `scale='min(${MAX_SIDE_PIXELS},iw)':'min(${MAX_SIDE_PIXELS},ih)':force_original_aspect_ratio=decrease:force_divisible_by=2`;
  const animation = await inputFor(input);
  const made = await ffmpeg
    .run(
      [animation],
      [
        ['-an', '-t', String(MAX_SECONDS)],
        shownThrough(animation, `fps='min(20,source_fps)',${scale},format=yuv420p`),
        ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '29', '-threads', '1'],
        ['-map_metadata', '-1', '-movflags', '+faststart', '-f', 'mp4', `file:${path}`],
      ],
      { cwd: folder, signal, background: true, limits: { timeoutMs: 90_000, cpuSeconds: 60, fileMb: 32 } },
    )
    .then(() => true)
    .catch((error: unknown) => {
      // An oddity of the file, such as frames one pixel high: browsers still play the animation.
      if (error instanceof FfmpegError && isPermanent(error)) return false;
      throw error;
    });
  if (!made) return NONE;
  const { size } = await stat(path);
  if (size === 0 || size >= row.byte_size) return NONE;
  const key = `${randomUUID()}.mp4`;
  return { objects: [{ key, path, contentType: 'video/mp4' }], values: { preview_key: key } };
}

/** Tells whether every frame of the preview is opaque. */
async function isOpaqueThroughout(input: StageInput, ffmpeg: Ffmpeg): Promise<boolean> {
  const { source, folder, signal } = input;
  const sampled = await sampleFrames(pictureOf(input), { ffmpeg, folder, signal });
  if (sampled) {
    for (const frame of sampled) if (!(await framesAreOpaque(frame, 1))) return false;
    return true;
  }
  const { pages = 1, delay = [], width, pageHeight = 1, hasAlpha } = await sharp(source).metadata();
  if (!hasAlpha) return true;
  const affordable = Math.max(1, Math.floor(MAX_LOOKED_AT_PIXELS / (width * pageHeight)));
  return framesAreOpaque(source, Math.min(pages, framesWithin(delay, MAX_SECONDS * 1000), affordable));
}

/** Counts the frames that begin before this time. */
function framesWithin(delays: readonly number[], ms: number): number {
  let passed = 0;
  let frames = 0;
  for (; frames < delays.length && passed < ms; frames += 1) passed += frameDelayMs(delays[frames] ?? 0);
  return Math.max(1, frames);
}

async function framesAreOpaque(path: string, pages: number): Promise<boolean> {
  const { data, info } = await sharp(path, { pages, limitInputPixels: false, sequentialRead: true })
    .resize({ width: LOOK_WIDTH_PIXELS, withoutEnlargement: true })
    .ensureAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return isOpaque(data, info.channels);
}

async function inputFor(input: StageInput): Promise<AnimationInput> {
  const { row, source, folder } = input;
  const decoded = await inputOf(pictureOf(input), folder);
  if (decoded) return decoded;
  if (row.mime === 'image/gif') return { demuxer: 'gif', path: source, map: '0:V:0' };
  const path = join(folder, 'frames.gif');
  const { pages = 1 } = await sharp(source).metadata();
  await sharp(source, { pages: Math.min(pages, MAX_WEBP_FRAMES) })
    .resize({ width: MAX_SIDE_PIXELS, withoutEnlargement: true })
    .gif({ effort: 1, dither: 0 })
    .toFile(path);
  return { demuxer: 'gif', path, map: '0:V:0' };
}
