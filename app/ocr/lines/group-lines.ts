import { chain, GAP, LIKE_HEIGHT, STAGGER, withoutFrames } from './chain-letters.ts';
import { withoutIntruders } from './remove-outliers.ts';
import type { Letter } from '../detect/letter.ts';
import { adoptMarks } from './diacritics.ts';
import { median, percentile } from '../image/percentile.ts';
import { boxHeight, middle, shared, unite, type Box } from '../image/raster.ts';
import { baseAt, type Row } from './line.ts';

/** Steepest line followed: 7 degrees. */
const MAX_SLOPE = Math.tan((7 * Math.PI) / 180);
/** Hostile pictures: more than this many patches are noise, and the work must stay bounded. */
const MAX_LETTERS = 6000;

/** Groups letters into lines that may slope, top to bottom. `minHeight` in pixels: lower letters cannot be read. */
export function groupRows(letters: readonly Letter[], minHeight: number): Row[] {
  const kept = letters.length > MAX_LETTERS ? largest(letters, MAX_LETTERS) : letters;
  const chains = chain(withoutFrames(kept));
  const rows = chains
    .filter((members) => members.some((letter) => boxHeight(letter) >= minHeight))
    .map(toRow);
  const slope = commonSlope(rows);
  for (const row of rows) settleSlope(row, slope);
  const joined = adoptMarks(joinRows(rows).map(withoutIntruders), kept);
  return joined.filter((row) => row.height >= minHeight).sort((a, b) => a.top - b.top || a.left - b.left);
}

function largest(letters: readonly Letter[], count: number): Letter[] {
  return letters.toSorted((a, b) => b.area - a.area).slice(0, count);
}

function toRow(letters: Letter[]): Row {
  const height = percentile(letters.map(boxHeight), 0.7);
  const row: Row = {
    ...letters.reduce<Box>(unite, {
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
  row.slope = fitSlope(row);
  return row;
}

/** Median of the slopes between the base points of letters well apart (Theil and Sen): falling letters do not tilt it. */
function fitSlope({ letters, height }: Row): number {
  const slopes: number[] = [];
  const stride = Math.max(1, Math.floor(letters.length / 40));
  for (let i = 0; i < letters.length; i += stride) {
    for (let j = i + 1; j < letters.length; j += stride) {
      const [a, b] = [letters[i], letters[j]];
      if (a === undefined || b === undefined) continue;
      const run = middle(b) - middle(a);
      if (run >= 2 * height) slopes.push((b.bottom - a.bottom) / run);
    }
  }
  return slopes.length === 0 ? 0 : median(slopes);
}

/** Letters a line needs for its own slope to count. */
const TELLING = 8;

/** The slope most letters of the picture follow. */
function commonSlope(rows: readonly Row[]): number {
  const votes = rows
    .filter(({ letters, slope }) => letters.length >= TELLING && Math.abs(slope) <= MAX_SLOPE)
    .flatMap(({ letters, slope }) => letters.map(() => slope));
  return votes.length === 0 ? 0 : median(votes);
}

/** Short lines have no slope worth measuring, and a slope far from all others is a mistake. */
function settleSlope(row: Row, common: number): void {
  const own = row.letters.length >= TELLING && Math.abs(row.slope) <= MAX_SLOPE;
  row.slope = own ? row.slope : common;
  if (Math.abs(row.slope) < 0.004) row.slope = 0;
  row.base = median(row.letters.map((letter) => letter.bottom - row.slope * middle(letter)));
}

/** Puts together what is one line: pieces side by side, and pieces one within the other. */
function joinRows(rows: readonly Row[]): Row[] {
  const open = rows.toSorted((a, b) => b.letters.length - a.letters.length || a.left - b.left);
  const done: Row[] = [];
  for (const row of open) {
    const host = done.find((other) => sameLine(other, row));
    if (host === undefined) {
      done.push(row);
      continue;
    }
    const letters = [...host.letters, ...row.letters].sort((a, b) => a.left - b.left);
    Object.assign(host, unite(host, row), {
      letters,
      height: percentile(letters.map(boxHeight), 0.7),
    });
  }
  return done;
}

function sameLine(host: Row, row: Row): boolean {
  const [low, high] = host.height < row.height ? [host.height, row.height] : [row.height, host.height];
  const gap = -shared(host.left, host.right, row.left, row.right);
  const x = Math.max(host.left, Math.min(host.right, middle(row)));
  const drift = Math.abs(baseAt(host, x) - baseAt(row, x));
  return low >= LIKE_HEIGHT * high && gap <= GAP * high && drift <= STAGGER * high;
}
