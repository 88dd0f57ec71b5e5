import { createBudget } from './cpu-budget.ts';
import { decodeThumbnails, measure, type Measured, type Source } from './image/decode.ts';
import { chooseFrames, THUMBNAIL_SIDE_PX } from './frames/choose-frames.ts';
import { createLineCache } from './frames/line-cache.ts';
import { readFrame } from './read-frame.ts';
import type { Recognizer } from './recognize/tesseract.ts';
import { joinFrames, type FrameLine } from './frames/join-frames.ts';
import type { Reading } from './recognize/readings.ts';
import type { LinePlace, ReadText } from './read-text.ts';

/**
 * Working size of a still picture and of a frame, pixels. Screenshots have small print; moving
 * pictures have none.
 */
const STILL_WORKING_PIXELS = 1_200_000;
const FRAME_WORKING_PIXELS = 900_000;
/** Largest number of frames read of one moving picture. */
const MAX_READ_FRAMES = 4;
/**
 * Largest number of candidate frames, and of their pixels in all. A hostile animation has any
 * number of both.
 */
const MAX_CANDIDATE_FRAMES = 1_000;
const MAX_CANDIDATE_PIXELS = 150_000_000;

/**
 * Reads the text of a still picture, or of a moving picture given as frames or as one animated
 * file.
 *
 * The work is bounded: when the budget is spent, the function returns the text read so far. See
 * TextReader.read.
 */
export async function readPicture(files: readonly string[], recognizer: Recognizer): Promise<ReadText> {
  const budget = createBudget();
  const cache = createLineCache();
  const picked = await pickFrames(files);
  const frames = picked.map((): FrameLine[] => []);
  let lines: readonly LinePlace[] = [];
  const pixels = picked.length === 1 ? STILL_WORKING_PIXELS : FRAME_WORKING_PIXELS;
  // The last frame comes first, because finished captions stay there. Only that frame is retried
  // when it has no letters.
  for (let index = picked.length - 1; index >= 0; index -= 1) {
    const frame = picked[index];
    if (frame === undefined || budget.isSpent()) break;
    const retryPlain = index === picked.length - 1;
    const readings = await readFrame(
      frame.source,
      frame.size,
      { recognizer, budget, cache },
      pixels,
      retryPlain,
    );
    frames[index] = readings.map(({ words, confidence }) => ({
      text: words.map(({ text }) => text).join(' '),
      confidence,
    }));
    if (picked.length === 1) lines = readings.map((reading) => placeOf(reading, frame.size));
  }
  const text = joinFrames(frames)
    .map((line) => line.text)
    .join('\n');
  return { text, lines };
}

const placeOf = ({ top, bottom, letters }: Reading, { height }: Measured): LinePlace => ({
  top: top / height,
  bottom: bottom / height,
  letters,
});

interface Frame {
  source: Source;
  size: Measured;
}

async function pickFrames(files: readonly string[]): Promise<Frame[]> {
  const frames: Frame[] = [];
  const thumbnails: Uint8Array[] = [];
  for (const file of files.slice(0, MAX_CANDIDATE_FRAMES)) {
    const size = await measure(file);
    const { background } = size;
    const affordable = Math.floor(MAX_CANDIDATE_PIXELS / (size.width * size.height));
    const count = Math.max(1, Math.min(size.pages, MAX_CANDIDATE_FRAMES - frames.length, affordable));
    if (files.length === 1 && count === 1) return [{ source: { file, page: 0, background }, size }];
    const seen = await decodeThumbnails({ file, background }, count, THUMBNAIL_SIDE_PX);
    seen.forEach((thumbnail, page) => {
      frames.push({ source: { file, page, background }, size });
      thumbnails.push(thumbnail);
    });
  }
  return chooseFrames(thumbnails, MAX_READ_FRAMES).flatMap((index) => frames[index] ?? []);
}
