import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../http/errors.ts';
import type { LinePlace } from '../../ocr/read-text.ts';
import type { TextReader } from '../../ocr/text-reader.ts';
import type { Semaphore } from '../../util/semaphore.ts';
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import { isPermanent } from '../fault.ts';
import { FfmpegError } from '../ffmpeg/run.ts';
import { firstShownFrame, sampleFrames } from '../formats/browser-view.ts';
import { screenFor } from '../formats/screen.ts';
import { placeOfPart } from '../formats/thumbnail-part.ts';
import { demuxerOf, lookOf } from '../formats/video-look.ts';
import { isCutInHeight, placeOfWords } from '../formats/words-place.ts';
import { MAX_DECODE_BYTES } from '../media.limits.ts';
import { thumbPart } from '../shape.shared.ts';
import { StageError, type StageInput, type StageResult } from './stages.service.ts';
import { pictureOf } from './picture.ts';
import { readableFiles } from './readable.ts';
import { videoFormatOf } from './video-format.ts';

/** Maximum number of recognised frames of a video. */
const MAX_FRAMES = 10;
/**
 * A frame is taken when this share of the picture changed since the last one (ffmpeg's scene score)
 * …
 */
const SCENE_CHANGE = 0.2;
/** … or after this many seconds without one: captions also appear without a cut. */
const PAUSE_S = 4;
/**
 * End of the recognised part in seconds. Up to `EVERY_FRAME_S` every frame counts, in longer videos
 * only key frames.
 */
const READ_UNTIL_S = 300;
const EVERY_FRAME_S = 40;
/** Long side of a recognised frame, pixels. */
const MAX_SIDE_PIXELS = 1600;

/** Recognises the words of an item. */
export async function textStage(
  { reader, ffmpeg, decoding }: { reader: TextReader; ffmpeg: Ffmpeg | null; decoding: Semaphore },
  input: StageInput,
): Promise<StageResult> {
  // The models can be repaired while the server runs. The item waits as skipped until `resumeText`.
  if ((await reader.problem()) !== null) return { skip: 'models' };
  if (input.row.kind === 'video' && !ffmpeg) return { skip: 'ffmpeg' };
  const files =
    input.row.kind === 'video' && ffmpeg
      ? await frames(ffmpeg, input)
      : await shown({ ffmpeg, decoding }, input);
  if (files === null) return { skip: 'ffmpeg' };
  if (files.length === 0) return { values: { text: '' } };
  const { text, lines } = await reader.read(files, input.signal);
  const place = await placeFor(lines, { ffmpeg, decoding }, input);
  return { values: { text, ...(place !== null && { words_top: place }) } };
}

/**
 * Returns the place from which the thumbnail of a tall picture is to show its first words. Returns
 * `null` if it shows them already.
 */
async function placeFor(
  lines: readonly LinePlace[],
  { ffmpeg, decoding }: { ffmpeg: Ffmpeg | null; decoding: Semaphore },
  input: StageInput,
): Promise<number | null> {
  const { row, folder, signal } = input;
  if (row.kind !== 'image' || lines.length === 0 || !isCutInHeight(row)) return null;
  const findShown = async () => {
    const path = await firstShownFrame(pictureOf(input), { ffmpeg, folder, signal });
    return (await placeOfPart(path, row, thumbPart(row), row.words_top)).top;
  };
  // An older thumbnail has no known place, and one that misses the words is being made again.
  const known = row.thumb_words_top === row.words_top ? row.thumb_top : null;
  return placeOfWords(lines, row, known ?? (await decoding.run(MAX_DECODE_BYTES, findShown)));
}

/**
 * Returns the picture as browsers show it: the file itself if the reader can open it. Returns
 * `null` if that needs a missing ffmpeg.
 */
async function shown(
  { ffmpeg, decoding }: { ffmpeg: Ffmpeg | null; decoding: Semaphore },
  input: StageInput,
): Promise<string[] | null> {
  const { folder, signal } = input;
  const options = { ffmpeg, folder, signal };
  try {
    const picture = pictureOf(input);
    const sampled = await sampleFrames(picture, options);
    if (sampled) return sampled;
    const source = await decoding.run(MAX_DECODE_BYTES, () => firstShownFrame(picture, options));
    return await readableFiles({ decoding }, { source, folder, signal });
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    if (cause.code === 'video_unsupported') return null;
    if (isPermanent(cause)) throw new StageError('text', { permanent: true, cause });
    throw cause;
  }
}

/** Extracts frames at scene changes, in order of time; at least a few. */
async function frames(ffmpeg: Ffmpeg, { row, source, folder, signal }: StageInput): Promise<string[]> {
  const long = (row.duration_ms ?? 0) > EVERY_FRAME_S * 1000;
  const select = `select='isnan(prev_selected_t)+gt(scene,${SCENE_CHANGE})*gt(t-prev_selected_t,0.3)+gte(t-prev_selected_t,${PAUSE_S})'`;
  const scale = `scale='min(${MAX_SIDE_PIXELS},iw*sar)':'min(${MAX_SIDE_PIXELS},ih)':force_original_aspect_ratio=decrease,setsar=1`;
  const format = videoFormatOf(row.mime);
  const failed = async (cause: unknown): Promise<never> => {
    if (!(cause instanceof FfmpegError) || !isPermanent(cause)) throw cause;
    throw new StageError('frames', { permanent: await ffmpeg.works(folder), cause });
  };
  const look = await lookOf(ffmpeg, { path: source, format, cwd: folder, signal }).catch(failed);
  const { decoder, toPicture } = await screenFor(look, folder);
  await ffmpeg
    .run(
      [
        {
          demuxer: demuxerOf(format),
          path: source,
          options: [...decoder, ...(long ? ['-skip_frame', 'nokey'] : []), '-t', String(READ_UNTIL_S)],
        },
      ],
      [
        [
          '-map',
          '0:V:0',
          '-vf',
          `${select},${scale},${toPicture}format=yuvj420p`,
          '-fps_mode',
          'vfr',
          '-frames:v',
          String(MAX_FRAMES),
        ],
        ['-q:v', '2', '-f', 'image2', 'file:text-%03d.jpg'],
      ],
      { cwd: folder, signal, background: true, limits: { timeoutMs: 60_000, cpuSeconds: 50 } },
    )
    .catch(failed);
  return (await readdir(folder))
    .filter((name) => /^text-\d+\.jpg$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}
