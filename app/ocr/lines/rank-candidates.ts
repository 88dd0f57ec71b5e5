import type { Letters } from '../detect/letter.ts';
import { boxHeight, boxWidth, centreX, overlapShare } from '../image/raster.ts';
import { estimateLetters, type TextLine, type PageLine } from './line.ts';

/** Letters off the base line by more of their height than this do not stand on it. */
const MAX_BASE_OFFSET_RATIO = 0.12;

/** Share of a line's letters that stand on its base line, 0–1. */
function onBaseShare({ letters, slope, base, height }: TextLine): number {
  const standing = letters.filter(
    (letter) => Math.abs(letter.bottom - slope * centreX(letter) - base) <= MAX_BASE_OFFSET_RATIO * height,
  );
  return standing.length / letters.length;
}

/** A patch that fills its box this far is a block: a brick, a window, a bar. Few letters are (I, l, -). */
const SOLID_FILL_SHARE = 0.82;
const MAX_SOLID_LETTER_SHARE = 0.75;
const MIN_ON_BASE_SHARE = 0.4;
/** A base line can be told from this many letters on. */
const MIN_BASE_LETTERS = 5;
/** Dots per letter: two on an ä, and some punctuation. */
const MAX_MARKS_PER_LETTER = 3;

/** Whether a line may be writing at all: reading what is not costs more time than reading what is. */
export function isPlausible(line: TextLine): boolean {
  const { letters, marks, height } = line;
  const expected = estimateLetters(line);
  if (marks.length > MAX_MARKS_PER_LETTER * expected + 1) return false;
  // A single patch is a word only when its letters touch; a lone letter says nothing.
  if (expected < 2) return false;
  if (letters.length === 1 && line.right - line.left < 1.5 * height) return false;
  if (letters.length >= MIN_BASE_LETTERS && onBaseShare(line) < MIN_ON_BASE_SHARE) return false;
  const solid = letters.filter(
    (letter) => letter.area > SOLID_FILL_SHARE * boxWidth(letter) * boxHeight(letter),
  );
  return solid.length <= MAX_SOLID_LETTER_SHARE * letters.length;
}

/** A line with what speaks for it. */
interface Candidate {
  entry: PageLine;
  /** Length in letter heights, dots included. */
  length: number;
  /** How well its letters are set off, 0–1. */
  clear: number;
  /** Share of the space between its letters that is their background, 0–1; 1 where an outline sets them off. */
  even: number;
  /** Brightest channel of that background; undefined where an outline sets the letters off. */
  brightness: number | undefined;
  /** Length, less what is untidy about the line. */
  score: number;
}

function rateLine(entry: PageLine): Candidate {
  const { line, source } = entry;
  const { letters, marks, height } = line;
  const width = letters.reduce((sum, letter) => sum + boxWidth(letter), 0);
  const clear = letters.reduce((sum, letter) => sum + letter.clear * boxWidth(letter), 0) / width;
  const dots = marks.reduce((sum, mark) => sum + boxWidth(mark), 0);
  const length = (width + Math.min(dots, width / 2)) / height;
  const { even, brightness } = background(line, source);
  const score = length * clear ** 4 * onBaseShare(line) * Math.min(1, even / EVEN_BACKGROUND_SHARE);
  return { entry, length, clear, even, brightness, score };
}

/** Background between the letters, above which a line stands on an even background; soft edges take the rest. */
const EVEN_BACKGROUND_SHARE = 0.5;

function background(
  line: TextLine,
  { background, labels, width }: Letters,
): { even: number; brightness: number | undefined } {
  if (background === undefined) return { even: 1, brightness: undefined };
  let space = 0;
  let even = 0;
  let light = 0;
  // Between the base line and the letters' height only, every other pixel: above and below may stand anything.
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

/** Less than this is no word: three narrow letters make one and a half. */
const MIN_SCORE = 1.2;
/** Rows that share more than this of the smaller one show the same writing, seen in different ways. */
const SAME_PLACE_OVERLAP = 0.4;
/** A background brighter than this is not what encloses outlined letters; their outline is there. */
const MIN_BRIGHT_BACKGROUND_LEVEL = 130;
const DARK_BACKGROUND_LEVEL = 112;
const MIN_CLEAR_OUTLINE_SHARE = 0.85;
/** With its outline a letter is a blob on its background. */
const BLOB_SCORE_FACTOR = 0.4;

/** Whether an outline was found around the very letters that a line on a bright background shows as blobs. */
function isBlobs({ entry: { line }, brightness, length }: Candidate, all: readonly Candidate[]): boolean {
  if (brightness === undefined || brightness < MIN_BRIGHT_BACKGROUND_LEVEL) return false;
  return all.some(
    (other) =>
      other.brightness === undefined &&
      other.clear >= MIN_CLEAR_OUTLINE_SHARE &&
      other.length >= 0.5 * length &&
      overlapShare(other.entry.line, line) > 0.6,
  );
}

/** A second view of a place that promises at least this share of the best one is read as well. */
const MIN_RIVAL_SCORE_SHARE = 0.5;

export interface Choice {
  /** The most promising line of each place, and its rivals. */
  first: PageLine[];
  /** The others, most promising first. */
  rest: PageLine[];
}

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

/** On an even dark background everything looks outlined; the background says more about the letters. */
const isOnDark = ({ brightness, even }: Candidate) =>
  brightness !== undefined && brightness < DARK_BACKGROUND_LEVEL && even >= EVEN_BACKGROUND_SHARE;

/** Two ways of looking at white letters see them alike. */
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
