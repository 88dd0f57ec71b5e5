import type { Size } from '../shape.shared.ts';
import { openPicture } from './image.ts';

/** Fields of the map on the short side of the picture, and at most on the long one. */
const SHORT_FIELDS = 24;
const LONG_FIELDS = 1200;
/** A part with this share of the details of the richest one is not empty. */
const ENOUGH_DETAIL = 0.3;

/** Left upper corner of a part, in pixels of the picture. */
export interface Place {
  left: number;
  top: number;
}

/**
 * Returns the place of the part that stands for a very tall or wide picture. It is the top of a
 * tall one, where reading starts, and the middle of a wide one. If there is next to nothing, it is
 * the nearest place with words or other details. To find it, the whole first frame is decoded.
 *
 * @param wordsTop the place of the words of a tall one, once they have been read
 */
export async function placeOfPart(
  path: string,
  size: Size,
  part: Size,
  wordsTop: number | null,
): Promise<Place> {
  const tall = part.height < size.height;
  if (tall && wordsTop !== null)
    return { left: 0, top: Math.max(0, Math.min(wordsTop, size.height - part.height)) };
  const [length, window] = tall ? [size.height, part.height] : [size.width, part.width];
  const short = tall ? size.width : size.height;
  const fields = Math.max(2, Math.min(LONG_FIELDS, Math.round((SHORT_FIELDS * length) / short)));
  const map = tall ? { width: SHORT_FIELDS, height: fields } : { width: fields, height: SHORT_FIELDS };
  const { data, info } = await openPicture(path)
    .autoOrient()
    .resize({ ...map, fit: 'fill' })
    .flatten({ background: '#808080' })
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const details = detailsAlong(data, { ...map, channels: info.channels }, tall);
  const span = Math.max(1, Math.round((window / length) * fields));
  const start = firstWithDetail(details, span, tall ? 0 : (fields - span) / 2);
  const at = Math.min(length - window, Math.round((start / fields) * length));
  return tall ? { left: 0, top: at } : { left: at, top: 0 };
}

/** Sums up the differences of neighbours in each line across the long side. */
function detailsAlong(
  data: Uint8Array,
  { width, height, channels }: Size & { channels: number },
  tall: boolean,
): number[] {
  const sums = Array.from({ length: tall ? height : width }, () => 0);
  const at = (x: number, y: number) => data[(y * width + x) * channels] ?? 0;
  for (let y = 0; y + 1 < height; y++) {
    for (let x = 0; x + 1 < width; x++) {
      const line = tall ? y : x;
      const difference = Math.abs(at(x, y) - at(x + 1, y)) + Math.abs(at(x, y) - at(x, y + 1));
      sums[line] = (sums[line] ?? 0) + difference;
    }
  }
  return sums;
}

/** Returns the start of the window nearest to `wanted` that has enough detail. */
function firstWithDetail(details: readonly number[], span: number, wanted: number): number {
  const sums: number[] = [];
  let sum = 0;
  for (const [i, value] of details.entries()) {
    sum += value - (i < span ? 0 : (details[i - span] ?? 0));
    if (i >= span - 1) sums.push(sum);
  }
  const enough = Math.max(...sums) * ENOUGH_DETAIL;
  let best = Math.round(wanted);
  let distance = Infinity;
  for (const [start, value] of sums.entries()) {
    if (value < enough || Math.abs(start - wanted) >= distance) continue;
    best = start;
    distance = Math.abs(start - wanted);
  }
  return best;
}
