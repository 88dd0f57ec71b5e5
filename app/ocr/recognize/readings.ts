import { cleanWord, countLetters } from './clean-word.ts';
import { AIR } from './render-line.ts';
import { LEADING, type ComposedPage, type Placement } from './compose-page.ts';
import { boxHeight, boxWidth, unite, type Box } from '../image/raster.ts';
import type { PageLine, PageWord } from './tesseract.ts';
import { estimateLetters, type Row } from '../lines/line.ts';
import { gather } from './widen-spaces.ts';

/** A line of text with its place in the picture (pixels of the original). */
export interface Reading extends Box {
  words: PageWord[];
  /** Mean of the words', weighted by letters, 0–100. */
  confidence: number;
  /** Letters and digits in it. */
  letters: number;
  /** Height of its letters, pixels. */
  height: number;
  /** Whether it was drawn from many well set off letters, one for each that was read. */
  tidy: boolean;
  /** Which of several readings of one place to believe. */
  score: number;
}

/** Words below this are noise even in a good line. */
const MIN_WORD = 40;
const MIN_LINE = 72;
/** Narrow capitals are read right with little confidence. */
const MIN_TIDY_LINE = 60;
const TIDY_LETTERS = 8;
/** A short line has little to be sure by. */
const SHORT = 6;
const MIN_SHORT_LINE = 85;
/** Letters read per patch drawn: touching letters make it more, broken ones less. */
const [FEWEST, MOST] = [0.5, 2.2] as const;

/** Where what was recognized is in the picture: its part looked at begins at left, top. */
export interface Origin {
  /** Pixels looked at per pixel of the picture. */
  scale: number;
  left: number;
  top: number;
}

/**
 * Takes a recognized page apart again: for each row drawn on it what it says, where its words are in the picture;
 * null where it says nothing that can be.
 */
export function readingsOfPage(
  { placements }: ComposedPage,
  lines: readonly PageLine[],
  origin: Origin,
): (Reading | null)[] {
  const words = lines.flatMap((line) => line.words);
  return placements.map((placement) => {
    const { row } = placement.entry;
    const own = words
      .filter(({ box }) => {
        const y = (box.top + box.bottom) / 2;
        return y >= placement.top - LEADING / 3 && y < placement.bottom + LEADING / 3;
      })
      .sort((a, b) => a.box.left - b.box.left)
      .map((word) => asWritten(word, placement));
    const reading = toReading(own, (box) => fromPage(box, placement, origin));
    if (reading === undefined) return null;
    const ratio = reading.letters / estimateLetters(row);
    if (ratio < FEWEST || ratio > MOST) return null;
    reading.height = row.height / origin.scale;
    reading.tidy =
      row.letters.length >= TIDY_LETTERS && ratio >= 0.7 && ratio <= 1.4 && meanClear(row) >= 0.9;
    return reading;
  });
}

/** Where across the picture a place on the page is. */
const toPicture = (x: number, { entry: { row }, left, scale, spaces }: Placement): number =>
  gather(row.left - AIR + (x - left) / scale, spaces);

/** From the page back to the picture: the row was scaled, and straightened about its middle. */
function fromPage(box: Box, placement: Placement, origin: Origin): Box {
  const { row } = placement.entry;
  const from = toPicture(box.left, placement);
  const to = toPicture(box.right, placement);
  const base = row.base + row.slope * ((from + to) / 2);
  return {
    left: origin.left + from / origin.scale,
    top: origin.top + (base - row.height) / origin.scale,
    right: origin.left + to / origin.scale,
    bottom: origin.top + base / origin.scale,
  };
}

/** How far below the base line an @ reaches, in letter heights, and how wide it is for its height; an O is neither. */
const AT_DEPTH = 0.12;
const AT_WIDTH = 0.75;

/** What the models are known to take for something else, where the letters' shapes tell. */
function asWritten(word: PageWord, placement: Placement): PageWord {
  const { row } = placement.entry;
  // On a clean page a lone bar is a capital I.
  if (word.text === '|') return { ...word, text: 'I' };
  if (!/^\(?[O©®](?=[\p{Ll}\p{N}])/u.test(word.text)) return word;
  const x = toPicture(word.box.left, placement);
  const first = row.letters.find((letter) => letter.right > x + 0.2 * row.height);
  if (first === undefined) return word;
  const depth = first.bottom - (row.base + row.slope * first.left);
  return depth > AT_DEPTH * row.height && boxWidth(first) > AT_WIDTH * boxHeight(first)
    ? { ...word, text: word.text.replace(/^\(?[O©®]/u, '@') }
    : word;
}

const meanClear = ({ letters }: Row) => letters.reduce((sum, { clear }) => sum + clear, 0) / letters.length;

/** Readings of a picture recognized as it stands. It sees letters in anything, so more is asked of it. */
export function readingsOfPicture(lines: readonly PageLine[], { scale, left, top }: Origin): Reading[] {
  const back = (box: Box): Box => ({
    left: left + box.left / scale,
    top: top + box.top / scale,
    right: left + box.right / scale,
    bottom: top + box.bottom / scale,
  });
  return lines.flatMap(({ words }) => {
    const sure = words.filter(({ confidence }) => confidence >= MIN_PICTURE_WORD);
    const reading = toReading(sure, back);
    if (reading === undefined || reading.confidence < MIN_PICTURE_LINE) return [];
    reading.score = reading.letters * (reading.confidence - MIN_WORD - HANDICAP);
    return [reading];
  });
}

const MIN_PICTURE_WORD = 60;
const MIN_PICTURE_LINE = 80;
const HANDICAP = 20;

function toReading(words: readonly PageWord[], back: (box: Box) => Box): Reading | undefined {
  const kept = words
    .map(({ text, confidence, box }) => ({
      text: cleanWord(text),
      confidence,
      box: back(box),
    }))
    .filter(({ text, confidence }) => text !== '' && confidence >= MIN_WORD);
  const letters = kept.reduce((sum, { text }) => sum + countLetters(text), 0);
  const [first] = kept;
  if (first === undefined || letters === 0) return undefined;
  const confidence = kept.reduce((sum, word) => sum + word.confidence * countLetters(word.text), 0) / letters;
  const box = kept.reduce<Box>((all, word) => unite(all, word.box), first.box);
  return {
    ...box,
    words: kept,
    confidence,
    letters,
    height: boxHeight(box),
    score: letters * (confidence - MIN_WORD),
    tidy: false,
  };
}

/** Letters a line needs to stand alone; a shorter one needs an accepted line of like height beside it. */
const ALONE = 4;

/**
 * Words of letters and digits in one, as a line of another script comes out: most of its words, and more than one; or
 * digits in all of them, and between letters in some.
 */
function isCipher(words: readonly PageWord[]): boolean {
  const mixed = words.filter(
    ({ text }) => /\p{L}/u.test(text) && /\p{N}/u.test(text) && countLetters(text) > 2,
  );
  if (mixed.length > 1 && mixed.length > words.length / 2) return true;
  return (
    words.length > 1 &&
    words.every(({ text }) => /\p{N}/u.test(text)) &&
    words.some(({ text }) => /\p{L}\p{N}+\p{L}/u.test(text))
  );
}

/** Leaves out what is not sure enough. */
export function trust(readings: readonly Reading[]): Reading[] {
  const sure = readings.filter(
    ({ confidence, letters, tidy, words }) =>
      confidence >= (tidy ? MIN_TIDY_LINE : letters <= SHORT ? MIN_SHORT_LINE : MIN_LINE) && !isCipher(words),
  );
  const standing = sure.filter(({ letters }) => letters >= ALONE);
  return sure.filter(
    (reading) =>
      reading.letters >= ALONE ||
      standing.some((other) => {
        const high = Math.max(reading.height, other.height);
        return (
          Math.min(reading.height, other.height) >= 0.6 * high &&
          reading.top - other.bottom <= 2 * high &&
          other.top - reading.bottom <= 2 * high
        );
      }),
  );
}
