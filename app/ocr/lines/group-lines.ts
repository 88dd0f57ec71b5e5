import {
  chainLetters,
  MAX_GAP_RATIO,
  MIN_HEIGHT_RATIO,
  MAX_BASE_DRIFT_RATIO,
  removeFrames,
} from './chain-letters.ts';
import { removeOutliers } from './remove-outliers.ts';
import type { Letter } from '../detect/letter.ts';
import { assignMarks } from './diacritics.ts';
import { median, percentile } from '../image/percentile.ts';
import { boxHeight, centreX, intervalOverlap, unionBox, type PixelBox } from '../image/raster.ts';
import { baseAt, type TextLine } from './line.ts';

/** Steepest slope of a line: 7 degrees. */
const MAX_SLOPE = Math.tan((7 * Math.PI) / 180);
/**
 * Largest number of patches. More are noise of a hostile picture, and the work must stay bounded.
 */
const MAX_LETTERS = 6000;

/**
 * Groups letters into lines, from top to bottom. Lines may slope.
 *
 * @param minHeight - smallest letter height, pixels; smaller letters cannot be read
 */
export function groupLines(letters: readonly Letter[], minHeight: number): TextLine[] {
  const kept = letters.length > MAX_LETTERS ? largest(letters, MAX_LETTERS) : letters;
  const chains = chainLetters(removeFrames(kept));
  const lines = chains
    .filter((members) => members.some((letter) => boxHeight(letter) >= minHeight))
    .map(toLine);
  const slope = commonSlope(lines);
  for (const line of lines) settleSlope(line, slope);
  const joined = assignMarks(joinLines(lines).map(removeOutliers), kept);
  return joined.filter((line) => line.height >= minHeight).sort((a, b) => a.top - b.top || a.left - b.left);
}

function largest(letters: readonly Letter[], count: number): Letter[] {
  return letters.toSorted((a, b) => b.area - a.area).slice(0, count);
}

function toLine(letters: Letter[]): TextLine {
  const height = percentile(letters.map(boxHeight), 0.7);
  const line: TextLine = {
    ...letters.reduce<PixelBox>(unionBox, {
      left: Infinity,
      top: Infinity,
      right: -Infinity,
      bottom: -Infinity,
    }),
    letters,
    marks: [],
    height,
    slope: 0,
    base: 0,
  };
  line.slope = fitSlope(line);
  return line;
}

/**
 * Computes the slope of a line: the median slope between base points of distant letters
 * (Theil–Sen). Falling letters do not tilt it.
 */
function fitSlope({ letters, height }: TextLine): number {
  const slopes: number[] = [];
  const stride = Math.max(1, Math.floor(letters.length / 40));
  for (let i = 0; i < letters.length; i += stride) {
    for (let j = i + 1; j < letters.length; j += stride) {
      const [a, b] = [letters[i], letters[j]];
      if (a === undefined || b === undefined) continue;
      const run = centreX(b) - centreX(a);
      if (run >= 2 * height) slopes.push((b.bottom - a.bottom) / run);
    }
  }
  return slopes.length === 0 ? 0 : median(slopes);
}

/** Smallest number of letters for a line to have a slope of its own. */
const MIN_SLOPE_LETTERS = 8;

/** Computes the slope that most letters of the picture follow. */
function commonSlope(lines: readonly TextLine[]): number {
  const votes = lines
    .filter(({ letters, slope }) => letters.length >= MIN_SLOPE_LETTERS && Math.abs(slope) <= MAX_SLOPE)
    .flatMap(({ letters, slope }) => letters.map(() => slope));
  return votes.length === 0 ? 0 : median(votes);
}

/**
 * Sets the slope and base line. A short line, or one with an improbable slope, takes the common
 * slope.
 */
function settleSlope(line: TextLine, common: number): void {
  const own = line.letters.length >= MIN_SLOPE_LETTERS && Math.abs(line.slope) <= MAX_SLOPE;
  line.slope = own ? line.slope : common;
  if (Math.abs(line.slope) < 0.004) line.slope = 0;
  line.base = median(line.letters.map((letter) => letter.bottom - line.slope * centreX(letter)));
}

/** Joins the pieces of one line: pieces side by side, and pieces inside each other. */
function joinLines(lines: readonly TextLine[]): TextLine[] {
  const open = lines.toSorted((a, b) => b.letters.length - a.letters.length || a.left - b.left);
  const done: TextLine[] = [];
  for (const line of open) {
    const host = done.find((other) => sameLine(other, line));
    if (host === undefined) {
      done.push(line);
      continue;
    }
    const letters = [...host.letters, ...line.letters].sort((a, b) => a.left - b.left);
    Object.assign(host, unionBox(host, line), {
      letters,
      height: percentile(letters.map(boxHeight), 0.7),
    });
  }
  return done;
}

function sameLine(host: TextLine, line: TextLine): boolean {
  const [low, high] = host.height < line.height ? [host.height, line.height] : [line.height, host.height];
  const gap = -intervalOverlap(host.left, host.right, line.left, line.right);
  const x = Math.max(host.left, Math.min(host.right, centreX(line)));
  const drift = Math.abs(baseAt(host, x) - baseAt(line, x));
  return (
    low >= MIN_HEIGHT_RATIO * high && gap <= MAX_GAP_RATIO * high && drift <= MAX_BASE_DRIFT_RATIO * high
  );
}
