import type { Letters } from '../detect/letter.ts';
import { boxHeight, boxWidth, centreX, overlapShare } from '../image/raster.ts';
import { estimateLetters, type TextLine, type PageLine } from './line.ts';

/** Largest distance of a letter from the base line, in letter heights. */
const MAX_BASE_OFFSET_RATIO = 0.12;

/** Computes the share of a line's letters that stand on its base line, 0–1. */
function onBaseShare({ letters, slope, base, height }: TextLine): number {
  const standing = letters.filter(
    (letter) => Math.abs(letter.bottom - slope * centreX(letter) - base) <= MAX_BASE_OFFSET_RATIO * height,
  );
  return standing.length / letters.length;
}

/**
 * Share of its box from which a patch counts as a block: a brick, a window, a bar. Few letters are
 * blocks (I, l, -).
 */
const SOLID_FILL_SHARE = 0.82;
const MAX_SOLID_LETTER_SHARE = 0.75;
const MIN_ON_BASE_SHARE = 0.4;
/** Smallest number of letters that define a base line. */
const MIN_BASE_LETTERS = 5;
/** Largest number of marks per letter: two on an ä, plus punctuation. */
const MAX_MARKS_PER_LETTER = 3;

/**
 * Tells whether a line may be text. Recognition of a non-text line takes longer than that of text.
 */
export function isPlausible(line: TextLine): boolean {
  const { letters, marks, height } = line;
  const expected = estimateLetters(line);
  if (marks.length > MAX_MARKS_PER_LETTER * expected + 1) return false;
  // A single patch is a word only when its letters touch. A lone letter has no meaning.
  if (expected < 2) return false;
  if (letters.length === 1 && line.right - line.left < 1.5 * height) return false;
  if (letters.length >= MIN_BASE_LETTERS && onBaseShare(line) < MIN_ON_BASE_SHARE) return false;
  const solid = letters.filter(
    (letter) => letter.area > SOLID_FILL_SHARE * boxWidth(letter) * boxHeight(letter),
  );
  return solid.length <= MAX_SOLID_LETTER_SHARE * letters.length;
}

/** A line with its rating. */
interface Candidate {
  entry: PageLine;
  /** Length in letter heights, marks included. */
  length: number;
  /** Mean share of letter borders on background or outline, 0–1. */
  clearShare: number;
  /** Share of background in the space between the letters, 0–1. It is 1 for outlined letters. */
  even: number;
  /** Brightest channel of the background, 0–255. It is undefined for outlined letters. */
  brightness: number | undefined;
  /** Length in letter heights, reduced for an irregular line. */
  score: number;
}

function rateLine(entry: PageLine): Candidate {
  const { line, source } = entry;
  const { letters, marks, height } = line;
  const width = letters.reduce((sum, letter) => sum + boxWidth(letter), 0);
  const clearShare = letters.reduce((sum, letter) => sum + letter.clearShare * boxWidth(letter), 0) / width;
  const dots = marks.reduce((sum, mark) => sum + boxWidth(mark), 0);
  const length = (width + Math.min(dots, width / 2)) / height;
  const { even, brightness } = background(line, source);
  const score = length * clearShare ** 4 * onBaseShare(line) * Math.min(1, even / EVEN_BACKGROUND_SHARE);
  return { entry, length, clearShare, even, brightness, score };
}

/**
 * Smallest share of background between the letters of a line on an even background. Soft edges take
 * the rest.
 */
const EVEN_BACKGROUND_SHARE = 0.5;

function background(
  line: TextLine,
  { background, labels, width }: Letters,
): { even: number; brightness: number | undefined } {
  if (background === undefined) return { even: 1, brightness: undefined };
  let space = 0;
  let even = 0;
  let light = 0;
  // Only the band between base line and letter height counts, every second pixel. Anything may be
  // above and below it.
  for (let y = line.top; y < line.bottom; y += 2) {
    for (let x = line.left; x < line.right; x += 2) {
      const base = line.base + line.slope * x;
      const at = y * width + x;
      if (y < base - line.height || y > base || labels[at] !== 0) continue;
      space += 1;
      const label = background.labels[at] ?? 0;
      if (label === 0) continue;
      even += 1;
      light += background.brightness[label - 1] ?? 0;
    }
  }
  return space === 0 || even === 0
    ? { even: 0, brightness: 0 }
    : { even: even / space, brightness: light / even };
}

/** Smallest score of a word. Three narrow letters score 1.5. */
const MIN_SCORE = 1.2;
/** Overlap, as a share of the smaller line, from which two lines show the same text. */
const SAME_PLACE_OVERLAP = 0.4;
/**
 * Levels of the background, 0–255. A brighter background than the first does not enclose outlined
 * letters, because their outline does.
 */
const MIN_BRIGHT_BACKGROUND_LEVEL = 130;
const DARK_BACKGROUND_LEVEL = 112;
const MIN_CLEAR_OUTLINE_SHARE = 0.85;
/** Score factor for a letter that forms one blob with its outline. */
const BLOB_SCORE_FACTOR = 0.4;

/**
 * Tells whether these blobs on a bright background are letters whose outline was detected
 * elsewhere.
 */
function isBlobs({ entry: { line }, brightness, length }: Candidate, all: readonly Candidate[]): boolean {
  if (brightness === undefined || brightness < MIN_BRIGHT_BACKGROUND_LEVEL) return false;
  return all.some(
    (other) =>
      other.brightness === undefined &&
      other.clearShare >= MIN_CLEAR_OUTLINE_SHARE &&
      other.length >= 0.5 * length &&
      overlapShare(other.entry.line, line) > 0.6,
  );
}

/** Share of the best score from which another view of the same place is read as well. */
const MIN_RIVAL_SCORE_SHARE = 0.5;

/** Lines in the order of reading attempts. */
export interface Choice {
  /** The best line of each place, and its rivals. */
  first: PageLine[];
  /** All other lines, best first. */
  rest: PageLine[];
}

/** Ranks the candidate lines of all detection methods and selects the best ones of each place. */
export function chooseLines(lines: readonly PageLine[]): Choice {
  const candidates = lines.map(rateLine).filter(({ score }) => score >= MIN_SCORE);
  const ranked = candidates
    .map((candidate) => ({
      ...candidate,
      score: candidate.score * (isBlobs(candidate, candidates) ? BLOB_SCORE_FACTOR : 1),
    }))
    .sort((a, b) => b.score - a.score);
  const first: Candidate[] = [];
  const rest: Candidate[] = [];
  for (const candidate of ranked) {
    const { line, source } = candidate.entry;
    const views = first.filter(({ entry }) => overlapShare(entry.line, line) > SAME_PLACE_OVERLAP);
    const rival = views.every(
      (view) =>
        view.entry.source !== source &&
        candidate.score >= MIN_RIVAL_SCORE_SHARE * view.score &&
        !isAlike(view.entry.line, line) &&
        !isOnDark(view),
    );
    if (rival) first.push(candidate);
    else rest.push(candidate);
  }
  return {
    first: first.map(({ entry }) => entry),
    rest: rest.map(({ entry }) => entry),
  };
}

/**
 * Tells whether a line is on an even dark background. Every shape there looks outlined, so the
 * background is more reliable.
 */
const isOnDark = ({ brightness, even }: Candidate) =>
  brightness !== undefined && brightness < DARK_BACKGROUND_LEVEL && even >= EVEN_BACKGROUND_SHARE;

/** Tells whether two views show the same letters. Both methods see white letters alike. */
function isAlike(a: TextLine, b: TextLine): boolean {
  const near = 0.12 * a.height;
  return (
    a.letters.length === b.letters.length &&
    a.marks.length === b.marks.length &&
    Math.abs(a.left - b.left) < near &&
    Math.abs(a.right - b.right) < near &&
    Math.abs(a.base - b.base) < near
  );
}
