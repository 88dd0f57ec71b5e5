import type { Letter } from '../detect/letter.ts';
import { median } from '../image/percentile.ts';
import { boxHeight, boxWidth, middle, shared, unite } from '../image/raster.ts';
import { baseAt, type Row } from './line.ts';

/** What is less high than this share of its line's letters is a mark. */
const MARK = 0.45;

/** Gives dots, rings, commas and quotes, which may have chained among themselves, to the line they stand in. */
export function adoptMarks(rows: readonly Row[], all: readonly Letter[]): Row[] {
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
/** Share of its letters' strength below which a mark is the ringing of compression around them. */
const FAINT = 0.3;
/** A counter (the hole of an o) stays this far inside its letter, in letter heights; no mark does. */
const INSIDE = 0.04;
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
  if (mark.full < FAINT * median(host.letters.map(({ full }) => full)) || isCounter(mark, host)) return 1;
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

/** Whether a patch is the hole of a letter: bright and enclosed as well, when the letter has an outline and no more. */
function isCounter(mark: Letter, { letters, height }: Row): boolean {
  const depth = INSIDE * height;
  return letters.some(
    (letter) =>
      mark.left >= letter.left + depth &&
      mark.right <= letter.right - depth &&
      mark.top >= letter.top + depth &&
      mark.bottom <= letter.bottom - depth,
  );
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
