import { join } from 'node:path';
import { AppError } from '../../http/errors.ts';
import type { Semaphore } from '../../util/semaphore.ts';
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import { firstShownFrame } from '../formats/browser-view.ts';
import { isMissingFile } from '../formats/image.ts';
import { makeThumbnail, writeThumbnail } from '../formats/thumbnail.ts';
import { screenFor, type Screen } from '../formats/screen.ts';
import { demuxerOf, lookOf } from '../formats/video-look.ts';
import { isPermanent } from '../fault.ts';
import { webpObject } from '../../storage/objects.ts';
import { MAX_DECODE_BYTES } from '../media.limits.ts';
import { StageError, type StageInput, type StageResult } from './stages.service.ts';
import { pictureOf } from './picture.ts';
import { videoFormatOf } from './video-format.ts';
import { sharp } from '../sharp.ts';

export interface ThumbnailDeps {
  ffmpeg: Ffmpeg | null;
  decoding: Semaphore;
}

/** Long side of a poster, which a phone or a laptop shows before the video plays. */
const POSTER_SIDE_PIXELS = 1280;
/** Positions to try, as fractions of the video's length: title cards and fades are at both ends. */
const LOOK_POSITIONS = [0.1, 0.3, 0.5, 0.7, 0.02, 0.9];
/** Latest position in seconds, so that a long video is not read far. */
const LATEST_S = 120;
/** A frame with a luminance deviation (of 255) below this is blank: black, white or one colour. */
const BLANK_DEVIATION = 12;

/** Makes the thumbnail and placeholder, and the poster of a video. */
export async function thumbnailStage(deps: ThumbnailDeps, input: StageInput): Promise<StageResult> {
  const frame = input.row.kind === 'video' ? await posterFrame(deps, input) : null;
  const thumbnail = await deps.decoding
    .run(frame === null ? MAX_DECODE_BYTES : 0, async () =>
      makeThumbnail(
        frame ?? (await firstShownFrame(pictureOf(input), { ...input, ffmpeg: deps.ffmpeg })),
        input.row.words_top,
      ),
    )
    .catch((cause: unknown) => {
      throw cause instanceof AppError && isPermanent(cause)
        ? new StageError(cause.code === 'video_unsupported' ? 'ffmpeg' : 'thumbnail', {
            permanent: true,
            cause,
          })
        : cause;
    });
  // A video has its poster for large tiles.
  const { objects, values } = await writeThumbnail(
    input.folder,
    frame === null ? thumbnail : { ...thumbnail, large: null },
  );
  if (frame === null) return { objects, values };

  const poster = webpObject(join(input.folder, 'poster.webp'));
  await sharp(frame).webp({ quality: 80, effort: 2 }).toFile(poster.path);
  return { objects: [...objects, poster], values: { ...values, poster_key: poster.key } };
}

/** Returns the first tried frame with content; among blank ones the least blank. */
async function posterFrame({ ffmpeg }: ThumbnailDeps, input: StageInput): Promise<string> {
  if (!ffmpeg) throw new StageError('ffmpeg', { permanent: false });
  const { row, source: path, folder: cwd, signal } = input;
  const look = await lookOf(ffmpeg, { path, format: videoFormatOf(row.mime), cwd, signal });
  const screen = await screenFor(look, cwd);
  const seconds = (row.duration_ms ?? 0) / 1000;
  let best: { path: string; deviation: number } | null = null;
  for (const [i, share] of LOOK_POSITIONS.entries()) {
    const frame = join(cwd, `frame-${i}.png`);
    const deviation = await frameAt(ffmpeg, input, screen, Math.min(seconds * share, LATEST_S), frame);
    if (deviation === null) continue;
    if (best === null || deviation > best.deviation) best = { path: frame, deviation };
    if (deviation >= BLANK_DEVIATION) break;
  }
  best ??= await firstFrame(ffmpeg, input, screen);
  return best.path;
}

async function firstFrame(
  ffmpeg: Ffmpeg,
  input: StageInput,
  screen: Screen,
): Promise<{ path: string; deviation: number }> {
  const path = join(input.folder, 'frame-first.png');
  const deviation = await frameAt(ffmpeg, input, screen, 0, path);
  if (deviation === null) throw new StageError('frame', { permanent: true });
  return { path, deviation };
}

/** Writes the frame at a time and returns its luminance deviation; `null` if there is no frame. */
async function frameAt(
  ffmpeg: Ffmpeg,
  { row, source, folder, signal }: StageInput,
  { decoder, toPicture }: Screen,
  seconds: number,
  path: string,
): Promise<number | null> {
  const fit = `scale='min(${POSTER_SIDE_PIXELS},iw*sar)':'min(${POSTER_SIDE_PIXELS},ih)':force_original_aspect_ratio=decrease:flags=bicubic,${toPicture}setsar=1`;
  await ffmpeg.run(
    [
      {
        demuxer: demuxerOf(videoFormatOf(row.mime)),
        path: source,
        options: [...decoder, '-ss', seconds.toFixed(3)],
      },
    ],
    [
      '-map',
      '0:V:0',
      '-frames:v',
      '1',
      '-vf',
      fit,
      '-compression_level',
      '1',
      '-update',
      '1',
      `file:${path}`,
    ],
    { cwd: folder, signal },
  );
  try {
    // A background of our own hides the colour under transparent areas.
    const flat = await sharp(path).flatten({ background: '#808080' }).toColourspace('b-w').png().toBuffer();
    const { channels } = await sharp(flat).stats();
    return channels[0]?.stdev ?? 0;
  } catch (error) {
    // Past the last frame, ffmpeg succeeds and writes nothing.
    if (isMissingFile(error)) return null;
    throw error;
  }
}
