import { boxHeight, boxWidth, centreX, unionBox } from '../image/raster.ts';
import { baseAt, type TextLine } from './line.ts';

/**
 * Criteria for a line of capitals.
 *
 * The line has at least six letters. Three quarters of them are as high as the line, within the
 * tolerance. At most 5 % stand on the base line and rise above it (ascenders).
 */
const MIN_CAPITAL_LINE_LETTERS = 6;
const MIN_CAPITAL_SHARE = 0.75;
const CAPITAL_HEIGHT_TOLERANCE_RATIO = 0.08;
const MAX_ASCENDER_SHARE = 0.05;
/** Tolerance at the line's edges, in letter heights and in pixels. */
const EDGE_TOLERANCE_RATIO = 0.05;
const EDGE_TOLERANCE_PX = 1.5;
/**
 * Limits for a patch that starts above the capitals, in letter heights. A patch within them is one
 * letter with its dots. A patch beyond them hangs down from above or is too wide.
 */
const MAX_RISE_RATIO = 0.1;
const MAX_HANG_RATIO = 0.2;
const MAX_RISING_WIDTH_RATIO = 2;
/** Largest share of outliers. Beyond it the patches are letters. */
const MAX_OUTLIER_SHARE = 0.25;

/**
 * Removes outliers from a line of capitals.
 *
 * Outliers are patches of a bright background between outlined words. They extend above and below
 * the line, or hang down from above.
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
