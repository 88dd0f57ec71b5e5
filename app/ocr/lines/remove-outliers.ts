import { boxHeight, boxWidth, centreX, unionBox } from '../image/raster.ts';
import { baseAt, type TextLine } from './line.ts';

/**
 * Letters a line needs, the share of them that are as high as it is, and of those that stand on the base line and rise
 * above it (ascenders) at most, for it to be one of capitals.
 */
const MIN_CAPITAL_LINE_LETTERS = 6;
const MIN_CAPITAL_SHARE = 0.75;
const CAPITAL_HEIGHT_TOLERANCE_RATIO = 0.08;
const MAX_ASCENDER_SHARE = 0.05;
/** Capitals end at the line's edges, give or take this much of its height, and pixels. */
const EDGE_TOLERANCE_RATIO = 0.05;
const EDGE_TOLERANCE_PX = 1.5;
/** What begins this far above the capitals is one with its dots, or hangs down, or is wide. */
const MAX_RISE_RATIO = 0.1;
const MAX_HANG_RATIO = 0.2;
const MAX_RISING_WIDTH_RATIO = 2;
/** More than this share of a line are no intruders. */
const MAX_OUTLIER_SHARE = 0.25;

/**
 * A line of capitals without the patches of a bright background that show between outlined words: they stick out above
 * and below, or hang down from above.
 */
export function removeOutliers(line: TextLine): TextLine {
  const { letters, height } = line;
  const capitals = letters.filter(
    (letter) => Math.abs(boxHeight(letter) - height) <= CAPITAL_HEIGHT_TOLERANCE_RATIO * height,
  );
  if (letters.length < MIN_CAPITAL_LINE_LETTERS || capitals.length < MIN_CAPITAL_SHARE * letters.length)
    return line;
  const rising = letters.filter((letter) => {
    const base = baseAt(line, centreX(letter));
    return (
      Math.abs(letter.bottom - base) <= MAX_RISE_RATIO * height &&
      base - height - letter.top > MAX_RISE_RATIO * height
    );
  });
  if (rising.length > MAX_ASCENDER_SHARE * letters.length) return line;
  const slack = Math.max(EDGE_TOLERANCE_RATIO * height, EDGE_TOLERANCE_PX);
  const kept = letters.filter((letter) => {
    const base = baseAt(line, centreX(letter));
    const above = base - height - letter.top;
    const below = letter.bottom - base;
    if (above > slack && below > slack) return false;
    return (
      above <= MAX_RISE_RATIO * height ||
      (below >= -MAX_HANG_RATIO * height && boxWidth(letter) <= MAX_RISING_WIDTH_RATIO * height)
    );
  });
  const [first, ...others] = kept;
  if (
    first === undefined ||
    kept.length === letters.length ||
    kept.length < (1 - MAX_OUTLIER_SHARE) * letters.length
  )
    return line;
  const { left, top, right, bottom } = others.reduce(unionBox, first);
  return { ...line, left, top, right, bottom, letters: kept };
}
