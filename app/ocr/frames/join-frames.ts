import { editDistance } from '../../util/edit-distance.ts';

/** Texts that differ in less than this share of their letters are one text read twice. */
const MAX_EDIT_SHARE = 0.25;
/** Longer lines are compared by their beginnings: the comparison takes the product of the lengths. */
const MAX_COMPARED_LETTERS = 200;

const lettersOf = (text: string) =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .slice(0, MAX_COMPARED_LETTERS);

/** Whether two lines say the same, give or take what recognition gets wrong; case and punctuation do not count. */
export function isSameText(a: string, b: string): boolean {
  const [one, other] = [lettersOf(a), lettersOf(b)];
  const longest = Math.max(one.length, other.length);
  if (longest === 0) return true;
  if (Math.abs(one.length - other.length) > MAX_EDIT_SHARE * longest) return false;
  return editDistance(one, other, { swaps: false }) <= MAX_EDIT_SHARE * longest;
}

export interface FrameLine {
  text: string;
  /** 0–100. */
  confidence: number;
}

/**
 * Joins what the frames of a moving picture say: each line once, where it came first, in its surest reading. A line
 * that is the beginning of a later one (text that is being typed) gives way to it.
 *
 * @param frames - lines of each frame in reading order, frames in order of time
 */
export function joinFrames(frames: readonly (readonly FrameLine[])[]): FrameLine[] {
  const joined: FrameLine[] = [];
  for (const lines of frames) {
    // Twice within one frame is meant.
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

/** Letters a beginning needs to be taken for one. */
const MIN_PREFIX_LETTERS = 4;

function isPrefix(start: string, whole: string): boolean {
  const letters = lettersOf(start);
  return letters.length >= MIN_PREFIX_LETTERS && lettersOf(whole).startsWith(letters);
}

function isBetter(line: FrameLine, other: FrameLine): boolean {
  const [length, otherLength] = [lettersOf(line.text).length, lettersOf(other.text).length];
  return isSameText(line.text, other.text) ? line.confidence > other.confidence : length > otherLength;
}
