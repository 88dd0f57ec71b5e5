import { cleanWord, countLetters } from './clean-word.ts';
import { LINE_PADDING_PX } from './render-line.ts';
import { LINE_SPACING_PX, type ComposedPage, type Placement } from './compose-page.ts';
import { boxHeight, boxWidth, unionBox, type PixelBox } from '../image/raster.ts';
import type { RecognizedLine, RecognizedWord } from './tesseract.ts';
import { estimateLetters, type TextLine } from '../lines/line.ts';
import { toOriginalX } from './widen-spaces.ts';

/** A line of recognized text with its place, in pixels of the picture. */
export interface Reading extends PixelBox {
  words: RecognizedWord[];
  /** Mean confidence of the words, weighted by letters, 0–100. */
  confidence: number;
  /** Number of letters and digits. */
  letters: number;
  /** Letter height, pixels. */
  height: number;
  /** Whether the line was drawn from many clear letters, one for each recognized letter. */
  tidy: boolean;
  /**
   * Score for the choice between readings of one place: letters times confidence above the minimum.
   */
  score: number;
}

/** Smallest confidence of a word and of a line, 0–100. */
const MIN_WORD_CONFIDENCE = 40;
const MIN_LINE_CONFIDENCE = 72;
/**
 * Smallest confidence of a tidy line, and its number of letters. Narrow capitals are read correctly
 * with little confidence.
 */
const MIN_TIDY_LINE_CONFIDENCE = 60;
const MIN_TIDY_LETTERS = 8;
/**
 * Largest number of letters of a short line, and its smallest confidence. A short line gives little
 * evidence.
 */
const MAX_SHORT_LINE_LETTERS = 6;
const MIN_SHORT_LINE_CONFIDENCE = 85;
/**
 * Number of recognized letters per drawn patch. Touching letters make it larger, broken letters
 * smaller.
 */
const [MIN_LETTERS_PER_PATCH, MAX_LETTERS_PER_PATCH] = [0.5, 2.2] as const;

/** Maps a region back to the picture: `left` and `top` are its origin, in pixels of the picture. */
export interface Origin {
  /** Working pixels per picture pixel. */
  scale: number;
  left: number;
  top: number;
}

/**
 * Splits a recognized page into one reading per drawn line, in pixels of the picture.
 *
 * @returns readings in the order of the lines; null for a line without plausible text
 */
export function readingsOfPage(
  { placements }: ComposedPage,
  lines: readonly RecognizedLine[],
  origin: Origin,
): (Reading | null)[] {
  const words = lines.flatMap((line) => line.words);
  return placements.map((placement) => {
    const { line } = placement.entry;
    const own = words
      .filter(({ box }) => {
        const y = (box.top + box.bottom) / 2;
        return y >= placement.top - LINE_SPACING_PX / 3 && y < placement.bottom + LINE_SPACING_PX / 3;
      })
      .sort((a, b) => a.box.left - b.box.left)
      .map((word) => correctMisreading(word, placement));
    const reading = toReading(own, (box) => fromPage(box, placement, origin));
    if (reading === undefined) return null;
    const ratio = reading.letters / estimateLetters(line);
    if (ratio < MIN_LETTERS_PER_PATCH || ratio > MAX_LETTERS_PER_PATCH) return null;
    reading.height = line.height / origin.scale;
    reading.tidy =
      line.letters.length >= MIN_TIDY_LETTERS && ratio >= 0.7 && ratio <= 1.4 && meanClear(line) >= 0.9;
    return reading;
  });
}

/** Maps x from the page to the working picture. */
const toPicture = (x: number, { entry: { line }, left, scale, spaces }: Placement): number =>
  toOriginalX(line.left - LINE_PADDING_PX + (x - left) / scale, spaces);

/**
 * Maps a box from the page to the picture. The line was scaled, and straightened about its middle.
 */
function fromPage(box: PixelBox, placement: Placement, origin: Origin): PixelBox {
  const { line } = placement.entry;
  const from = toPicture(box.left, placement);
  const to = toPicture(box.right, placement);
  const base = line.base + line.slope * ((from + to) / 2);
  return {
    left: origin.left + from / origin.scale,
    top: origin.top + (base - line.height) / origin.scale,
    right: origin.left + to / origin.scale,
    bottom: origin.top + base / origin.scale,
  };
}

/**
 * Depth of an @ below the base line, in letter heights, and its width per height. An O has neither.
 */
const MIN_AT_DEPTH_RATIO = 0.12;
const MIN_AT_WIDTH_RATIO = 0.75;

/** Corrects misreadings that the letter shapes reveal. */
function correctMisreading(word: RecognizedWord, placement: Placement): RecognizedWord {
  const { line } = placement.entry;
  // On a clean page, a lone bar is a capital I.
  if (word.text === '|') return { ...word, text: 'I' };
  if (!/^\(?[O©®](?=[\p{Ll}\p{N}])/u.test(word.text)) return word;
  const x = toPicture(word.box.left, placement);
  const first = line.letters.find((letter) => letter.right > x + 0.2 * line.height);
  if (first === undefined) return word;
  const depth = first.bottom - (line.base + line.slope * first.left);
  return depth > MIN_AT_DEPTH_RATIO * line.height && boxWidth(first) > MIN_AT_WIDTH_RATIO * boxHeight(first)
    ? { ...word, text: word.text.replace(/^\(?[O©®]/u, '@') }
    : word;
}

const meanClear = ({ letters }: TextLine) =>
  letters.reduce((sum, { clearShare }) => sum + clearShare, 0) / letters.length;

/**
 * Converts a plain recognition into readings. Plain recognition sees letters anywhere, so the
 * limits are stricter.
 */
export function readingsOfPicture(lines: readonly RecognizedLine[], { scale, left, top }: Origin): Reading[] {
  const mapBox = (box: PixelBox): PixelBox => ({
    left: left + box.left / scale,
    top: top + box.top / scale,
    right: left + box.right / scale,
    bottom: top + box.bottom / scale,
  });
  return lines.flatMap(({ words }) => {
    const sure = words.filter(({ confidence }) => confidence >= MIN_PLAIN_WORD_CONFIDENCE);
    const reading = toReading(sure, mapBox);
    if (reading === undefined || reading.confidence < MIN_PLAIN_LINE_CONFIDENCE) return [];
    reading.score = reading.letters * (reading.confidence - MIN_WORD_CONFIDENCE - PLAIN_CONFIDENCE_PENALTY);
    return [reading];
  });
}

const MIN_PLAIN_WORD_CONFIDENCE = 60;
const MIN_PLAIN_LINE_CONFIDENCE = 80;
const PLAIN_CONFIDENCE_PENALTY = 20;

function toReading(
  words: readonly RecognizedWord[],
  mapBox: (box: PixelBox) => PixelBox,
): Reading | undefined {
  const kept = words
    .map(({ text, confidence, box }) => ({
      text: cleanWord(text),
      confidence,
      box: mapBox(box),
    }))
    .filter(({ text, confidence }) => text !== '' && confidence >= MIN_WORD_CONFIDENCE);
  const counts = countsOf(kept);
  return counts.letters === 0 ? undefined : { ...counts, height: boxHeight(counts), tidy: false };
}

/** Computes what follows from words: their bounds, confidence, letters and score. */
export function countsOf(words: readonly RecognizedWord[]): Omit<Reading, 'height' | 'tidy'> {
  const letters = words.reduce((sum, { text }) => sum + countLetters(text), 0);
  const weighted = words.reduce((sum, word) => sum + word.confidence * countLetters(word.text), 0);
  const confidence = letters === 0 ? 0 : weighted / letters;
  const bounds = words
    .map(({ box }) => box)
    .reduce(unionBox, {
      left: Infinity,
      top: Infinity,
      right: -Infinity,
      bottom: -Infinity,
    });
  const score = letters * (confidence - MIN_WORD_CONFIDENCE);
  return { ...bounds, words: [...words], confidence, letters, score };
}

/**
 * Smallest number of letters of a line on its own. A shorter line needs an accepted line of similar
 * height nearby.
 */
const MIN_STANDALONE_LETTERS = 4;

/**
 * Tells whether a line is garbled: words mix letters and digits, as text of another script does.
 *
 * In the first case more than one word mixes them, and most words do. In the second case every
 * word has digits, and some words have digits between letters.
 */
function isGarbled(words: readonly RecognizedWord[]): boolean {
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

/**
 * Smallest length and confidence of a word that stays when its line is not trusted. The last number
 * is the smallest share of such words in the letters of the line.
 */
const MIN_SURE_WORD_LETTERS = 5;
const MIN_SURE_WORD_CONFIDENCE = 86;
const MIN_SURE_LETTER_SHARE = 0.5;
/** Score factor for such words: any trusted reading of the whole line is better. */
const PART_SCORE_FACTOR = 0.3;

/** Returns the sure long words of a line with an odd part; nothing when there are few. */
function keepSureWords(reading: Reading): Reading[] {
  const words = reading.words.filter(
    ({ text, confidence }) =>
      confidence >= MIN_SURE_WORD_CONFIDENCE &&
      countLetters(text) >= MIN_SURE_WORD_LETTERS &&
      !/\p{N}/u.test(text),
  );
  const counts = countsOf(words);
  return counts.letters > 0 && counts.letters >= MIN_SURE_LETTER_SHARE * reading.letters
    ? [{ ...reading, ...counts, score: PART_SCORE_FACTOR * counts.score }]
    : [];
}

const isTrusted = ({ confidence, letters, tidy }: Reading): boolean =>
  confidence >=
  (tidy
    ? MIN_TIDY_LINE_CONFIDENCE
    : letters <= MAX_SHORT_LINE_LETTERS
      ? MIN_SHORT_LINE_CONFIDENCE
      : MIN_LINE_CONFIDENCE);

/** Removes readings without enough confidence. Of a line with an odd part, sure words stay. */
export function keepTrusted(readings: readonly Reading[]): Reading[] {
  const sure = readings.flatMap((reading) => {
    if (isGarbled(reading.words)) return [];
    return isTrusted(reading) ? [reading] : keepSureWords(reading);
  });
  const standing = sure.filter(({ letters }) => letters >= MIN_STANDALONE_LETTERS);
  return sure.filter(
    (reading) =>
      reading.letters >= MIN_STANDALONE_LETTERS ||
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
