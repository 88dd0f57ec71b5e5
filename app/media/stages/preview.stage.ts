import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ffmpeg, FfmpegInput } from '../ffmpeg/ffmpeg.ts';
import { isPermanent } from '../fault.ts';
import { FfmpegError } from '../ffmpeg/run.ts';
import type { StageInput, StageResult } from './stages.service.ts';
import { sharp } from '../sharp.ts';

/** Long side of the clip on a card, pixels. */
const SIDE = 400;
/** Longest clip, seconds: also what bounds an animation of thousands of frames. */
const MAX_SECONDS = 8;
/** Frames of an animated WebP that are looked at, for ffmpeg before version 8 cannot read it itself. */
const MAX_WEBP_FRAMES = 120;

/** An animation smaller than this is its own preview. */
const WORTHWHILE_BYTES = 20_000;

const NONE: StageResult = { values: { preview_key: null } };

/**
 * A short, silent MP4 of an animation. None when the animation itself is smaller, and none for one with transparent
 * places, which the format does not have: there the original plays.
 */
export async function previewStage(
  { ffmpeg }: { ffmpeg: Ffmpeg | null },
  input: StageInput,
): Promise<StageResult> {
  const { row, source, folder, signal } = input;
  if (!ffmpeg) return { skip: 'This server has no ffmpeg just now.' };
  if (row.byte_size < WORTHWHILE_BYTES || !(await isOpaque(source))) return NONE;
  const path = join(folder, 'preview.mp4');
  const scale = `scale='min(${SIDE},iw)':'min(${SIDE},ih)':force_original_aspect_ratio=decrease:force_divisible_by=2`;
  const made = await ffmpeg
    .run(
      [await inputFor(input)],
      [
        ['-an', '-t', String(MAX_SECONDS), '-vf', `fps='min(20,source_fps)',${scale},format=yuv420p`],
        ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '29', '-threads', '1'],
        ['-map_metadata', '-1', '-movflags', '+faststart', '-f', 'mp4', `file:${path}`],
      ],
      { cwd: folder, signal, background: true, limits: { timeoutMs: 90_000, cpuSeconds: 60, fileMb: 32 } },
    )
    .then(() => true)
    .catch((error: unknown) => {
      // An oddity of the file, such as frames one pixel high: the animation itself can still be played.
      if (error instanceof FfmpegError && isPermanent(error)) return false;
      throw error;
    });
  if (!made) return NONE;
  const { size } = await stat(path);
  if (size === 0 || size >= row.byte_size) return NONE;
  const key = `${randomUUID()}.mp4`;
  return { objects: [{ key, path, contentType: 'video/mp4' }], values: { preview_key: key } };
}

async function isOpaque(path: string): Promise<boolean> {
  const small = await sharp(path).resize(200, 200, { fit: 'inside' }).ensureAlpha().toBuffer();
  return (await sharp(small).stats()).isOpaque;
}

async function inputFor({ row, source, folder }: StageInput): Promise<FfmpegInput> {
  if (row.mime === 'image/gif') return { demuxer: 'gif', path: source };
  if (row.mime === 'image/png') return { demuxer: 'apng', path: source };
  const path = join(folder, 'frames.gif');
  const { pages = 1 } = await sharp(source).metadata();
  await sharp(source, { pages: Math.min(pages, MAX_WEBP_FRAMES) })
    .resize({ width: SIDE, withoutEnlargement: true })
    .gif({ effort: 1, dither: 0 })
    .toFile(path);
  return { demuxer: 'gif', path };
}
