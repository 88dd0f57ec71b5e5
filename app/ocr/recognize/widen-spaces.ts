import type { TextLine } from '../lines/line.ts';

/** Space added to a line between two words. */
export interface Space {
  /** Place, pixels of the working picture. */
  at: number;
  /** Width, pixels. */
  room: number;
}

/** Smallest width of a word space, in letter heights. */
const MIN_SPACE_RATIO = 0.13;
/**
 * Smallest difference between a word space and the widest letter gap, in letter heights, and their
 * smallest ratio.
 */
const MIN_SPACE_STEP_RATIO = 0.05;
const MIN_SPACE_TO_GAP_RATIO = 1.5;
/** Width above which a gap is a word space in any case, in letter heights. */
const MAX_COMPARED_SPACE_RATIO = 0.45;
/**
 * Smallest number of gaps, and the largest share of word spaces among them. Groups of one or two
 * letters are not words.
 */
const MIN_GAPS = 4;
const MAX_SPACE_SHARE = 0.45;

/**
 * Finds word spaces that are too narrow for the recognizer.
 *
 * In condensed capitals, word spaces are hardly wider than letter gaps, but all of them are wider.
 *
 * @param clear - smallest width that the spaces should have, in letter heights
 */
export function narrowSpaces({ letters, marks, height }: TextLine, clear: number): Space[] {
  const gaps: { at: number; width: number }[] = [];
  let end = -Infinity;
  for (const { left, right } of [...letters, ...marks].sort((a, b) => a.left - b.left)) {
    if (end !== -Infinity) gaps.push({ at: (left + end) / 2, width: Math.max(0, left - end) / height });
    end = Math.max(end, right);
  }
  if (gaps.length < MIN_GAPS) return [];
  const sorted = gaps.map(({ width }) => width).sort((a, b) => a - b);
  let threshold = Infinity;
  let widest = 0;
  for (let index = Math.ceil(sorted.length * (1 - MAX_SPACE_SHARE)); index < sorted.length; index += 1) {
    const [below, above] = [sorted[index - 1] ?? 0, sorted[index] ?? 0];
    if (
      above < MIN_SPACE_RATIO ||
      above < MIN_SPACE_TO_GAP_RATIO * below ||
      above - below < MIN_SPACE_STEP_RATIO
    )
      continue;
    const step = Math.min(above, MAX_COMPARED_SPACE_RATIO) - below;
    if (step > widest) [threshold, widest] = [above, step];
  }
  return gaps
    .filter(({ width }) => width >= threshold && width < clear)
    .map(({ at, width }) => ({ at, room: Math.round((clear - width) * height) }));
}

/** Maps x of the working picture to x after the spaces are added. */
export const toWidenedX = (x: number, spaces: readonly Space[]): number =>
  spaces.reduce((sum, { at, room }) => (at < x ? sum + room : sum), x);

/**
 * Maps x back to the working picture. A place within added space maps to the place of that space.
 */
export function toOriginalX(x: number, spaces: readonly Space[]): number {
  let added = 0;
  for (const { at, room } of spaces) {
    if (x - added <= at) break;
    added += Math.min(room, x - added - at);
  }
  return x - added;
}
