import { editDistance } from '../../util/edit-distance.ts';

/** Texts count as the same below this share of edits per letter. */
const MAX_EDIT_SHARE = 0.25;
/** Number of letters compared. The comparison takes the product of both lengths. */
const MAX_COMPARED_LETTERS = 200;

const lettersOf = (text: string) =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .slice(0, MAX_COMPARED_LETTERS);

/**
 * Tells whether two lines have the same text, apart from recognition errors. Case and punctuation
 * do not count.
 */
export function isSameText(a: string, b: string): boolean {
  const [one, other] = [lettersOf(a), lettersOf(b)];
  const longest = Math.max(one.length, other.length);
  if (longest === 0) return true;
  if (Math.abs(one.length - other.length) > MAX_EDIT_SHARE * longest) return false;
  return editDistance(one, other, { swaps: false }) <= MAX_EDIT_SHARE * longest;
}

/** A line of text in one frame. */
export interface FrameLine {
  text: string;
  /** Confidence, 0–100. */
  confidence: number;
}

/**
 * Joins the lines of all frames of a moving picture, each line once.
 *
 * A line keeps the place of its first occurrence and the text of its surest reading. A line that is
 * the beginning of a later one (text being typed) is replaced by it.
 *
 * @param frames - lines of each frame in reading order, frames in order of time
 */
export function joinFrames(frames: readonly (readonly FrameLine[])[]): FrameLine[] {
  const joined: FrameLine[] = [];
  for (const lines of frames) {
    // A repetition within one frame is intended, so only earlier frames are compared.
    const before = joined.length;
    for (const line of lines) {
      const known = joined.findIndex((other, index) => index < before && isRepeat(other.text, line.text));
      const other = joined[known];
      if (other === undefined) joined.push(line);
      else if (isBetter(line, other)) joined[known] = line;
    }
  }
  return joined;
}

const isRepeat = (a: string, b: string) => isSameText(a, b) || isPrefix(a, b) || isPrefix(b, a);

/** Smallest number of letters of a line that counts as the beginning of another. */
const MIN_PREFIX_LETTERS = 4;

function isPrefix(start: string, whole: string): boolean {
  const letters = lettersOf(start);
  return letters.length >= MIN_PREFIX_LETTERS && lettersOf(whole).startsWith(letters);
}

function isBetter(line: FrameLine, other: FrameLine): boolean {
  const [length, otherLength] = [lettersOf(line.text).length, lettersOf(other.text).length];
  return isSameText(line.text, other.text) ? line.confidence > other.confidence : length > otherLength;
}
