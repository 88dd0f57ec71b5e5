import type { Letter } from '../detect/letter.ts';
import { median } from '../image/percentile.ts';
import { boxHeight, boxWidth, centreX, intervalOverlap, unionBox } from '../image/raster.ts';
import { baseAt, type TextLine } from './line.ts';

/** Largest height of a mark, as a share of the letter height of its line. */
const MAX_MARK_HEIGHT_RATIO = 0.45;
/**
 * Smallest number of letters of a line with marks, when it is higher than this, working pixels.
 * Parts of a picture chain into high lines, and the text above them is not their dots.
 */
const MIN_HIGH_LINE_LETTERS = 4;
const MAX_FEW_LETTERS_HEIGHT_PX = 120;

/**
 * Assigns dots, rings, commas and quotes to their lines. These marks may first have formed lines of
 * their own.
 */
export function assignMarks(found: readonly TextLine[], all: readonly Letter[]): TextLine[] {
  const lines = found.filter((line) => line.letters.length > 0).toSorted((a, b) => b.height - a.height);
  const owner = new Map<number, TextLine>();
  const findHost = (mark: Letter, except?: TextLine): TextLine | undefined => {
    const x = centreX(mark);
    const height = boxHeight(mark);
    return lines.find((line) => {
      if (line === except || height > MAX_MARK_HEIGHT_RATIO * line.height || isFigure(line)) return false;
      if (x < line.left - 0.6 * line.height || x > line.right + 0.6 * line.height) return false;
      const base = baseAt(line, x);
      const y = (mark.top + mark.bottom) / 2;
      return y >= base - 1.55 * line.height && y <= base + 0.4 * line.height;
    });
  };
  const members = new Set<number>();
  const emptied = new Set<TextLine>();
  for (const line of lines) {
    // The lines are sorted by height, so a line of marks comes after its own line.
    if (!isWriting(line) && line.letters.every((letter) => findHost(letter, line) !== undefined))
      emptied.add(line);
    else for (const { id } of line.letters) members.add(id);
  }
  const kept = lines.filter((line) => !emptied.has(line));
  const candidates = kept.filter(
    ({ letters, height, left, right }) => letters.length > 1 || right - left > 2 * height,
  );
  for (const mark of all) {
    if (members.has(mark.id) || owner.has(mark.id)) continue;
    let host: TextLine | undefined;
    let closest = 1;
    for (const line of candidates) {
      const distance = markDistance(mark, line);
      if (distance < closest) [host, closest] = [line, distance];
    }
    if (host === undefined) continue;
    owner.set(mark.id, host);
    host.marks.push(mark);
    Object.assign(host, unionBox(host, mark));
  }
  return kept;
}

/** Tells whether a line is large and has few letters, as the parts of a picture have. */
const isFigure = ({ letters, height }: TextLine): boolean =>
  letters.length < MIN_HIGH_LINE_LETTERS && height > MAX_FEW_LETTERS_HEIGHT_PX;

/**
 * Share of its box that a patch fills at most to count as a letter. Dots and commas fill nearly all
 * of it; letters leave half of it free.
 */
const MAX_LETTER_FILL_SHARE = 0.66;
const MIN_WRITING_LETTERS = 5;

/**
 * Tells whether the patches of a line are letters and not the marks of another line.
 *
 * The large blobs of a photo are not letters, so they never get marks.
 */
function isWriting({ letters }: TextLine): boolean {
  return (
    letters.length >= MIN_WRITING_LETTERS &&
    median(letters.map((letter) => letter.area / (boxWidth(letter) * boxHeight(letter)))) <
      MAX_LETTER_FILL_SHARE
  );
}

/**
 * Largest width of a dash and of any other mark, in letter heights. A dash is only valid at
 * mid-height.
 */
const MAX_DASH_WIDTH_RATIO = 0.55;
const MAX_DOT_WIDTH_RATIO = 0.36;
/** Largest height of a comma, in letter heights. It is higher than a dot. */
const MAX_COMMA_HEIGHT_RATIO = 0.62;
/** Side of the smallest mark, in letter heights: the dots of a thin ä. */
const MIN_MARK_SIDE_RATIO = 0.05;
/**
 * Smallest ink strength of a mark, as a share of its letters' strength. A fainter patch is
 * compression ringing.
 */
const MIN_MARK_STRENGTH_SHARE = 0.3;
/**
 * Distance of a counter (the hole of an o) from the edges of its letter, in letter heights. No mark
 * is enclosed like this.
 */
const COUNTER_INSET_RATIO = 0.04;
/** Smallest share of its box that a mark fills. Splinters of a busy background fill less. */
const MIN_MARK_FILL_SHARE = 0.36;

/**
 * Computes the distance of a patch from the places of marks in a line, 0–1. The value 1 means that
 * the patch is not a mark.
 *
 * Dots and rings are above a letter. Every other mark is next to a letter, between the base line
 * and the height of capitals.
 */
function markDistance(mark: Letter, line: TextLine): number {
  const { height } = line;
  const [wide, high] = [boxWidth(mark), boxHeight(mark)];
  const x = centreX(mark);
  if (x < line.left - 0.6 * height || x > line.right + 0.6 * height) return 1;
  const rise = (baseAt(line, x) - (mark.top + mark.bottom) / 2) / height;
  if (rise < -0.35 || rise > 1.5) return 1;
  if (
    mark.bodyInk < MIN_MARK_STRENGTH_SHARE * median(line.letters.map(({ bodyInk }) => bodyInk)) ||
    isCounter(mark, line)
  )
    return 1;
  if (isCrown(mark, line)) return Math.min(0.5, Math.abs(rise - 0.6) / 2);
  const comma =
    rise < 0.25 && wide <= MAX_DOT_WIDTH_RATIO * height && high <= MAX_COMMA_HEIGHT_RATIO * height;
  if ((high > MAX_MARK_HEIGHT_RATIO * height && !comma) || wide > MAX_DASH_WIDTH_RATIO * height) return 1;
  if (mark.area < (MIN_MARK_SIDE_RATIO * height) ** 2 || mark.area < MIN_MARK_FILL_SHARE * wide * high)
    return 1;
  if (wide > MAX_DOT_WIDTH_RATIO * height && (rise < 0.15 || rise > 0.7)) return 1;
  let gap = Infinity;
  for (const letter of line.letters)
    gap = Math.min(gap, -intervalOverlap(letter.left, letter.right, mark.left, mark.right));
  if (gap > (rise > 1.05 ? 0.25 : 0.6) * height) return 1;
  // Between two lines, the mark goes to the line with the nearer middle.
  return Math.min(0.99, Math.abs(rise - 0.6) / 2);
}

/**
 * Tells whether a patch is the hole of a letter. The hole of a letter that is only an outline is
 * bright and enclosed, too.
 */
function isCounter(mark: Letter, { letters, height }: TextLine): boolean {
  const depth = COUNTER_INSET_RATIO * height;
  return letters.some(
    (letter) =>
      mark.left >= letter.left + depth &&
      mark.right <= letter.right - depth &&
      mark.top >= letter.top + depth &&
      mark.bottom <= letter.bottom - depth,
  );
}

/**
 * Largest width and height of two dots that touch, in letter heights.
 * The last number is the smallest share of the box that they fill.
 */
const MAX_CROWN_WIDTH_RATIO = 0.8;
const MAX_CROWN_HEIGHT_RATIO = 0.34;
const MIN_CROWN_FILL_SHARE = 0.5;

/**
 * Tells whether a patch lies on top of one letter and is not wider. In small or soft print, the
 * dots of an ä or ö touch.
 */
function isCrown(mark: Letter, { letters, height }: TextLine): boolean {
  const [wide, high] = [boxWidth(mark), boxHeight(mark)];
  if (wide < 1.3 * high || wide > MAX_CROWN_WIDTH_RATIO * height || high > MAX_CROWN_HEIGHT_RATIO * height)
    return false;
  if (mark.area < MIN_CROWN_FILL_SHARE * wide * high) return false;
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
