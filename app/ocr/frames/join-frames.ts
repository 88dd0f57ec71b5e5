/** Texts that differ in less than this share of their letters are one text read twice. */
const ALIKE = 0.25;
/** Longer lines are compared by their beginnings: the comparison takes the product of the lengths. */
const COMPARED = 200;

const lettersOf = (text: string) =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .slice(0, COMPARED);

/** Edits (insert, delete, replace) between two strings: Levenshtein's distance. */
export function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}

/** Whether two lines say the same, give or take what recognition gets wrong; case and punctuation do not count. */
export function isSameText(a: string, b: string): boolean {
  const [one, other] = [lettersOf(a), lettersOf(b)];
  const longest = Math.max(one.length, other.length);
  if (longest === 0) return true;
  if (Math.abs(one.length - other.length) > ALIKE * longest) return false;
  return editDistance(one, other) <= ALIKE * longest;
}

export interface Line {
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
export function joinFrames(frames: readonly (readonly Line[])[]): Line[] {
  const said: Line[] = [];
  for (const lines of frames) {
    // Twice within one frame is meant.
    const before = said.length;
    for (const line of lines) {
      const known = said.findIndex((other, index) => index < before && repeats(other.text, line.text));
      const other = said[known];
      if (other === undefined) said.push(line);
      else if (isBetter(line, other)) said[known] = line;
    }
  }
  return said;
}

const repeats = (a: string, b: string) => isSameText(a, b) || isBeginning(a, b) || isBeginning(b, a);

/** Letters a beginning needs to be taken for one. */
const TYPED = 4;

function isBeginning(start: string, whole: string): boolean {
  const letters = lettersOf(start);
  return letters.length >= TYPED && lettersOf(whole).startsWith(letters);
}

function isBetter(line: Line, other: Line): boolean {
  const [length, otherLength] = [lettersOf(line.text).length, lettersOf(other.text).length];
  return isSameText(line.text, other.text) ? line.confidence > other.confidence : length > otherLength;
}
