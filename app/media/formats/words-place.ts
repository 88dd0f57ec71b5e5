import type { LinePlace } from '../../ocr/read-text.ts';
import { thumbPart, type Size } from '../shape.shared.ts';

/** Lines with a larger gap, in heights of the higher line, are different groups. */
const MAX_GAP_LINE_HEIGHTS = 3;
/** A group with fewer letters may be a misreading, or a time of day. */
const MIN_GROUP_LETTERS = 8;
/** Picture above the words, as a share of the part. */
const MARGIN_SHARE = 0.06;

/** Whether a thumbnail shows a part of the height only. */
export const isCutInHeight = (size: Size): boolean => thumbPart(size).height < size.height;

/**
 * Returns the place, in pixels from the top, from which a thumbnail shows the first words of a tall
 * picture. It is the top if they are there. Returns `null` if the part from `shownFrom` on shows
 * them already, or if there are none.
 *
 * @param lines the lines that were read, in shares of the height
 */
export function placeOfWords(lines: readonly LinePlace[], size: Size, shownFrom: number): number | null {
  const first = firstGroup(lines);
  const { height } = thumbPart(size);
  if (!first || height >= size.height) return null;
  const top = first.top * size.height;
  const bottom = first.bottom * size.height;
  if (top >= shownFrom && bottom <= shownFrom + height) return null;
  if (bottom <= height) return 0;
  const from = Math.round(top - MARGIN_SHARE * height);
  return Math.max(0, Math.min(size.height - height, from));
}

/** Returns the first line of the first group of lines that has enough letters. */
function firstGroup(lines: readonly LinePlace[]): LinePlace | null {
  let first: LinePlace | null = null;
  let last: LinePlace | null = null;
  let letters = 0;
  for (const line of lines.toSorted((a, b) => a.top - b.top)) {
    const gap = last ? line.top - last.bottom : 0;
    const high = Math.max(heightOf(line), last ? heightOf(last) : 0);
    if (!first || gap > MAX_GAP_LINE_HEIGHTS * high) {
      first = line;
      letters = 0;
    }
    letters += line.letters;
    if (letters >= MIN_GROUP_LETTERS) return first;
    last = line;
  }
  return null;
}

const heightOf = ({ top, bottom }: LinePlace) => bottom - top;
