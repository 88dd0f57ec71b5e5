import { boxHeight, boxWidth, middle, unite } from '../image/raster.ts';
import { baseAt, type Row } from './line.ts';

/**
 * Letters a line needs, the share of them that are as high as it is, and of those that stand on the base line and rise
 * above it (ascenders) at most, for it to be one of capitals.
 */
const MIN_LETTERS = 6;
const CAPITALS = 0.75;
const ALIKE = 0.08;
const ASCENDERS = 0.05;
/** Capitals end at the line's edges, give or take this much of its height, and pixels. */
const SLACK = 0.05;
const SLACK_PIXELS = 1.5;
/** What begins this far above the capitals is one with its dots, or hangs down, or is wide. */
const ABOVE = 0.1;
const HANGING = 0.2;
const WIDE = 2;
/** More than this share of a line are no intruders. */
const MANY = 0.25;

/**
 * A line of capitals without the patches of a bright background that show between outlined words: they stick out above
 * and below, or hang down from above.
 */
export function withoutIntruders(row: Row): Row {
  const { letters, height } = row;
  const capitals = letters.filter((letter) => Math.abs(boxHeight(letter) - height) <= ALIKE * height);
  if (letters.length < MIN_LETTERS || capitals.length < CAPITALS * letters.length) return row;
  const rising = letters.filter((letter) => {
    const base = baseAt(row, middle(letter));
    return Math.abs(letter.bottom - base) <= ABOVE * height && base - height - letter.top > ABOVE * height;
  });
  if (rising.length > ASCENDERS * letters.length) return row;
  const slack = Math.max(SLACK * height, SLACK_PIXELS);
  const kept = letters.filter((letter) => {
    const base = baseAt(row, middle(letter));
    const above = base - height - letter.top;
    const below = letter.bottom - base;
    if (above > slack && below > slack) return false;
    return above <= ABOVE * height || (below >= -HANGING * height && boxWidth(letter) <= WIDE * height);
  });
  const [first, ...others] = kept;
  if (first === undefined || kept.length === letters.length || kept.length < (1 - MANY) * letters.length)
    return row;
  const { left, top, right, bottom } = others.reduce(unite, first);
  return { ...row, left, top, right, bottom, letters: kept };
}
