import type { Letters } from '../detect/letter.ts';
import type { PageRow } from '../recognize/render-line.ts';
import { boxHeight, boxWidth, middle, overlap } from '../image/raster.ts';
import { estimateLetters, type Row } from './line.ts';

/** Letters off the base line by more of their height than this do not stand on it. */
const OFF_BASE = 0.12;

/** Share of a row's letters that stand on its base line, 0–1. */
function onBase({ letters, slope, base, height }: Row): number {
  const standing = letters.filter(
    (letter) => Math.abs(letter.bottom - slope * middle(letter) - base) <= OFF_BASE * height,
  );
  return standing.length / letters.length;
}

/** A patch that fills its box this far is a block: a brick, a window, a bar. Few letters are (I, l, -). */
const SOLID = 0.82;
const MAX_SOLID = 0.75;
const MIN_ON_BASE = 0.4;
/** A base line can be told from this many letters on. */
const TELLING = 5;
/** Dots per letter: two on an ä, and some punctuation. */
const MAX_MARKS = 3;

/** Whether a row may be writing at all: reading what is not costs more time than reading what is. */
export function isPlausible(row: Row): boolean {
  const { letters, marks, height } = row;
  const expected = estimateLetters(row);
  if (marks.length > MAX_MARKS * expected + 1) return false;
  // A single patch is a word only when its letters touch; a lone letter says nothing.
  if (expected < 2) return false;
  if (letters.length === 1 && row.right - row.left < 1.5 * height) return false;
  if (letters.length >= TELLING && onBase(row) < MIN_ON_BASE) return false;
  const solid = letters.filter((letter) => letter.area > SOLID * boxWidth(letter) * boxHeight(letter));
  return solid.length <= MAX_SOLID * letters.length;
}

/** A row with what speaks for it. */
interface Candidate {
  entry: PageRow;
  /** Length in letter heights, dots included. */
  length: number;
  /** How well its letters are set off, 0–1. */
  clear: number;
  /** Share of the space between its letters that is their ground, 0–1; 1 where an outline sets them off. */
  even: number;
  /** Brightest channel of that ground; undefined where an outline sets the letters off. */
  brightness: number | undefined;
  /** Length, less what is untidy about the row. */
  worth: number;
}

function appraise(entry: PageRow): Candidate {
  const { row, source } = entry;
  const { letters, marks, height } = row;
  const width = letters.reduce((sum, letter) => sum + boxWidth(letter), 0);
  const clear = letters.reduce((sum, letter) => sum + letter.clear * boxWidth(letter), 0) / width;
  const dots = marks.reduce((sum, mark) => sum + boxWidth(mark), 0);
  const length = (width + Math.min(dots, width / 2)) / height;
  const { even, brightness } = ground(row, source);
  const worth = length * clear ** 4 * onBase(row) * Math.min(1, even / EVEN);
  return { entry, length, clear, even, brightness, worth };
}

/** Ground between the letters, above which a row stands on an even ground; soft edges take the rest. */
const EVEN = 0.5;

function ground(
  row: Row,
  { ground, labels, width }: Letters,
): { even: number; brightness: number | undefined } {
  if (ground === undefined) return { even: 1, brightness: undefined };
  let space = 0;
  let even = 0;
  let light = 0;
  // Between the base line and the letters' height only, every other pixel: above and below may stand anything.
  for (let y = row.top; y < row.bottom; y += 2) {
    for (let x = row.left; x < row.right; x += 2) {
      const base = row.base + row.slope * x;
      const at = y * width + x;
      if (y < base - row.height || y > base || labels[at] !== 0) continue;
      space += 1;
      const label = ground.labels[at] ?? 0;
      if (label === 0) continue;
      even += 1;
      light += ground.brightness[label - 1] ?? 0;
    }
  }
  return space === 0 || even === 0
    ? { even: 0, brightness: 0 }
    : { even: even / space, brightness: light / even };
}

/** Less than this is no word: three narrow letters make one and a half. */
const MIN_WORTH = 1.2;
/** Rows that share more than this of the smaller one show the same writing, seen in different ways. */
const SAME = 0.4;
/** A ground brighter than this is not what encloses outlined letters; their outline is there. */
const BRIGHT_GROUND = 130;
const DARK_GROUND = 112;
const CLEAR_OUTLINE = 0.85;
/** With its outline a letter is a blob on its ground. */
const BLOB = 0.4;

/** Whether an outline was found around the very letters that a row on a bright ground shows as blobs. */
function isBlobs({ entry: { row }, brightness, length }: Candidate, all: readonly Candidate[]): boolean {
  if (brightness === undefined || brightness < BRIGHT_GROUND) return false;
  return all.some(
    (other) =>
      other.brightness === undefined &&
      other.clear >= CLEAR_OUTLINE &&
      other.length >= 0.5 * length &&
      overlap(other.entry.row, row) > 0.6,
  );
}

/** A second view of a place that promises at least this share of the best one is read as well. */
const RIVAL = 0.5;

export interface Choice {
  /** The most promising row of each place, and its rivals. */
  first: PageRow[];
  /** The others, most promising first. */
  rest: PageRow[];
}

export function chooseRows(rows: readonly PageRow[]): Choice {
  const candidates = rows.map(appraise).filter(({ worth }) => worth >= MIN_WORTH);
  const ranked = candidates
    .map((candidate) => ({
      ...candidate,
      worth: candidate.worth * (isBlobs(candidate, candidates) ? BLOB : 1),
    }))
    .sort((a, b) => b.worth - a.worth);
  const first: Candidate[] = [];
  const rest: Candidate[] = [];
  for (const candidate of ranked) {
    const { row, source } = candidate.entry;
    const views = first.filter(({ entry }) => overlap(entry.row, row) > SAME);
    const rival = views.every(
      (view) =>
        view.entry.source !== source &&
        candidate.worth >= RIVAL * view.worth &&
        !isAlike(view.entry.row, row) &&
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

/** On an even dark ground everything looks outlined; the ground says more about the letters. */
const isOnDark = ({ brightness, even }: Candidate) =>
  brightness !== undefined && brightness < DARK_GROUND && even >= EVEN;

/** Two ways of looking at white letters see them alike. */
function isAlike(a: Row, b: Row): boolean {
  const near = 0.12 * a.height;
  return (
    a.letters.length === b.letters.length &&
    a.marks.length === b.marks.length &&
    Math.abs(a.left - b.left) < near &&
    Math.abs(a.right - b.right) < near &&
    Math.abs(a.base - b.base) < near
  );
}
