import type { TextLine } from '../lines/line.ts';

/** Room added to a line between two words. */
export interface Space {
  /** Where, in pixels of the picture. */
  at: number;
  /** How much, pixels. */
  room: number;
}

/** A space is at least this many letter heights wide, … */
const MIN_SPACE_RATIO = 0.13;
/** … this much wider than the widest gap between letters, and this many times as wide. */
const MIN_SPACE_STEP_RATIO = 0.05;
const MIN_SPACE_TO_GAP_RATIO = 1.5;
/** Whatever is wider is a space, by however much. */
const MAX_COMPARED_SPACE_RATIO = 0.45;
/** Gaps there must be, and how many of them may be spaces: letters in ones and twos are no words. */
const MIN_GAPS = 4;
const MAX_SPACE_SHARE = 0.45;

/**
 * The spaces between the words of a line that are too narrow for the recognizer: in condensed capitals they are hardly
 * wider than what is between letters, but all of them are.
 *
 * @param clear - how wide they shall be at least, in letter heights
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

/** Where a place of the picture is once room was added. */
export const toWidenedX = (x: number, spaces: readonly Space[]): number =>
  spaces.reduce((sum, { at, room }) => (at < x ? sum + room : sum), x);

/** The other way round; a place within added room is where the room was added. */
export function toOriginalX(x: number, spaces: readonly Space[]): number {
  let added = 0;
  for (const { at, room } of spaces) {
    if (x - added <= at) break;
    added += Math.min(room, x - added - at);
  }
  return x - added;
}
