import type { Letter } from './letters.ts';
import { boxHeight, boxWidth, shared, unite, type Box } from './raster.ts';

/** Letters of one written line. */
export interface Row extends Box {
  /** The letters proper, from left to right. */
  letters: Letter[];
  /** Dots, rings, commas and what else belongs to them but is much smaller. */
  marks: Letter[];
  /** Height of a letter in pixels: that of the taller ones (capitals, or small letters that rise or fall). */
  height: number;
  /** Rise of the base line, pixels down per pixel to the right. */
  slope: number;
  /** Base line at x = 0. */
  base: number;
}

/** Letters of one line differ in height by no more than this ratio (x to l). */
const LIKE_HEIGHT = 0.45;
/** Widest gap inside a line, in heights of the taller neighbour: two word spaces. */
const GAP = 1.15;
/** Base lines of neighbours may differ by this many heights: falling letters do. */
const STAGGER = 0.36;
/** What is less high than this share of its line's letters is a mark. */
const MARK = 0.45;
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
  const joined = adoptMarks(joinRows(rows), kept);
  return joined.filter((row) => row.height >= minHeight).sort((a, b) => a.top - b.top || a.left - b.left);
}

/** A letter fills at least this much of its box; a frame does not. */
const MIN_FILL = 0.08;
/** Letters of a line that a frame has inside it. */
const FRAMED = 4;

/** Leaves out frames (rims of bubbles, boxes, tables): they would take the lines inside them for their dots. */
function withoutFrames(letters: readonly Letter[]): Letter[] {
  const sorted = letters.toSorted((a, b) => a.left - b.left);
  return sorted.filter((letter, index) => {
    const [width, height] = [boxWidth(letter), boxHeight(letter)];
    if (letter.area < MIN_FILL * width * height) return false;
    if (letter.area > 0.4 * width * height) return true;
    let inside = 0;
    for (let next = index + 1; next < sorted.length; next += 1) {
      const other = sorted[next];
      if (other === undefined || other.left >= letter.right) break;
      const h = boxHeight(other);
      if (
        other.right <= letter.right &&
        other.top >= letter.top &&
        other.bottom <= letter.bottom &&
        h > 5 &&
        h < 0.6 * height
      ) {
        inside += 1;
        if (inside >= FRAMED) return false;
      }
    }
    return true;
  });
}

function largest(letters: readonly Letter[], count: number): Letter[] {
  return letters.toSorted((a, b) => b.area - a.area).slice(0, count);
}

/** Joins each letter to the nearest fitting one on its right. */
function chain(letters: readonly Letter[]): Letter[][] {
  const parent = letters.map((_, index) => index);
  const root = (index: number): number => {
    let at = index;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at] ?? at] ?? at;
      at = parent[at] ?? at;
    }
    return at;
  };
  letters.forEach((a, i) => {
    const height = boxHeight(a);
    let best = -1;
    let nearest = Infinity;
    for (let j = i + 1; j < letters.length; j += 1) {
      const b = letters[j];
      // The widest reach: the taller neighbour may be higher than this letter by the ratio of heights.
      if (b === undefined || b.left - a.right > (GAP * height) / LIKE_HEIGHT) break;
      const gap = b.left - a.right;
      if (gap >= nearest || !fits(a, b)) continue;
      best = j;
      nearest = gap;
    }
    if (best >= 0) parent[root(best)] = root(i);
  });
  const chains = new Map<number, Letter[]>();
  letters.forEach((letter, index) => {
    const key = root(index);
    const members = chains.get(key);
    if (members) members.push(letter);
    else chains.set(key, [letter]);
  });
  return [...chains.values()];
}

function fits(a: Letter, b: Letter): boolean {
  const [aHeight, bHeight] = [boxHeight(a), boxHeight(b)];
  const [low, high] = aHeight < bHeight ? [aHeight, bHeight] : [bHeight, aHeight];
  const gap = b.left - a.right;
  return (
    low >= LIKE_HEIGHT * high &&
    gap <= GAP * high &&
    gap >= -0.6 * Math.min(boxWidth(a), boxWidth(b)) &&
    Math.abs(a.bottom - b.bottom) <= STAGGER * high &&
    shared(a.top, a.bottom, b.top, b.bottom) >= 0.5 * low
  );
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

const median = (values: readonly number[]) => percentile(values, 0.5);
const middle = ({ left, right }: Box) => (left + right) / 2;

function toRow(letters: Letter[]): Row {
  const height = percentile(letters.map(boxHeight), 0.7);
  const row: Row = {
    ...letters.reduce<Box>(unite, { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity }),
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

const baseAt = (row: Row, x: number) => row.base + row.slope * x;

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
    Object.assign(host, unite(host, row), { letters, height: percentile(letters.map(boxHeight), 0.7) });
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

/** Letters a line is likely to hold, when some of its patches are several letters that touch. */
export function estimateLetters({ letters, height }: Row): number {
  return letters.reduce((sum, letter) => sum + Math.max(1, Math.round(boxWidth(letter) / (0.7 * height))), 0);
}

/** Gives dots, rings, commas and quotes, which may have chained among themselves, to the line they stand in. */
function adoptMarks(rows: readonly Row[], all: readonly Letter[]): Row[] {
  const hosts = rows.filter((row) => row.letters.length > 0).toSorted((a, b) => b.height - a.height);
  const owner = new Map<number, Row>();
  const homeOf = (mark: Letter, but?: Row): Row | undefined => {
    const x = middle(mark);
    const height = boxHeight(mark);
    return hosts.find((host) => {
      if (host === but || height > MARK * host.height) return false;
      if (x < host.left - 0.6 * host.height || x > host.right + 0.6 * host.height) return false;
      const base = baseAt(host, x);
      const y = (mark.top + mark.bottom) / 2;
      return y >= base - 1.55 * host.height && y <= base + 0.4 * host.height;
    });
  };
  const members = new Set<number>();
  const emptied = new Set<Row>();
  for (const row of hosts) {
    // Largest first: a line of marks is met after the line it belongs to.
    if (!isWriting(row) && row.letters.every((letter) => homeOf(letter, row) !== undefined)) emptied.add(row);
    else for (const { id } of row.letters) members.add(id);
  }
  const left = hosts.filter((row) => !emptied.has(row));
  const homes = left.filter(
    ({ letters, height, left, right }) => letters.length > 1 || right - left > 2 * height,
  );
  for (const mark of all) {
    if (members.has(mark.id) || owner.has(mark.id)) continue;
    let home: Row | undefined;
    let closest = 1;
    for (const host of homes) {
      const distance = estrangement(mark, host);
      if (distance < closest) [home, closest] = [host, distance];
    }
    if (home === undefined) continue;
    owner.set(mark.id, home);
    home.marks.push(mark);
    Object.assign(home, unite(home, mark));
  }
  return left;
}

/** Dots and commas are full; letters leave half of their boxes free. */
const FULL = 0.66;
const WRITTEN = 5;

/** Whether a line's patches are letters and not the dots of another line: large blobs of a photo are no line to have any. */
function isWriting({ letters }: Row): boolean {
  return (
    letters.length >= WRITTEN &&
    median(letters.map((letter) => letter.area / (boxWidth(letter) * boxHeight(letter)))) < FULL
  );
}

/** Widest mark, in letter heights: a dash; and widest that is no dash, which stands in the middle of the line only. */
const DASH = 0.55;
const DOT = 0.36;
/** A comma is higher than a dot. */
const COMMA = 0.62;
/** Side of the smallest mark: the dots of a thin ä. */
const SPECK = 0.05;
/** Dots, commas and dashes fill their boxes; splinters of a busy background do not. */
const MARK_FILL = 0.36;

/**
 * How far a patch is from where a line has marks, 0–1; 1 when it cannot be one of them: dots and rings are above a
 * letter, everything else is between the base line and the capitals' height, next to one.
 */
function estrangement(mark: Letter, host: Row): number {
  const { height } = host;
  const [wide, high] = [boxWidth(mark), boxHeight(mark)];
  const x = middle(mark);
  if (x < host.left - 0.6 * height || x > host.right + 0.6 * height) return 1;
  const rise = (baseAt(host, x) - (mark.top + mark.bottom) / 2) / height;
  if (rise < -0.35 || rise > 1.5) return 1;
  if (crowns(mark, host)) return Math.min(0.5, Math.abs(rise - 0.6) / 2);
  const comma = rise < 0.25 && wide <= DOT * height && high <= COMMA * height;
  if ((high > MARK * height && !comma) || wide > DASH * height) return 1;
  if (mark.area < (SPECK * height) ** 2 || mark.area < MARK_FILL * wide * high) return 1;
  if (wide > DOT * height && (rise < 0.15 || rise > 0.7)) return 1;
  let gap = Infinity;
  for (const letter of host.letters)
    gap = Math.min(gap, -shared(letter.left, letter.right, mark.left, mark.right));
  if (gap > (rise > 1.05 ? 0.25 : 0.6) * height) return 1;
  // Between two lines: a mark is nearer to the middle of its own.
  return Math.min(0.99, Math.abs(rise - 0.6) / 2);
}

/** Two dots that run into one are this wide and high at most, in letter heights, and fill this much of their box. */
const CROWN_WIDTH = 0.8;
const CROWN_HEIGHT = 0.34;
const CROWN_FILL = 0.5;

/** Whether a patch lies on top of one letter, no wider than it: the dots of an ä or ö in small or soft print. */
function crowns(mark: Letter, { letters, height }: Row): boolean {
  const [wide, high] = [boxWidth(mark), boxHeight(mark)];
  if (wide < 1.3 * high || wide > CROWN_WIDTH * height || high > CROWN_HEIGHT * height) return false;
  if (mark.area < CROWN_FILL * wide * high) return false;
  const slack = 0.12 * height;
  return letters.some(
    (letter) =>
      mark.left >= letter.left - slack &&
      mark.right <= letter.right + slack &&
      mark.bottom <= letter.top + slack &&
      letter.top - mark.bottom <= 0.35 * height &&
      boxHeight(letter) >= 0.5 * height,
  );
}
