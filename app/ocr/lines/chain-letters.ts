import type { Letter } from '../detect/letter.ts';
import { boxHeight, boxWidth, intervalOverlap } from '../image/raster.ts';

/** Smallest ratio of two letter heights in one line (x to l). */
export const MIN_HEIGHT_RATIO = 0.45;
/** Widest gap inside a line, in heights of the taller neighbour: two word spaces. */
export const MAX_GAP_RATIO = 1.15;
/** Largest difference of the neighbours' base lines, in letter heights. Falling letters need it. */
export const MAX_BASE_DRIFT_RATIO = 0.36;

/**
 * Chains letters: joins each letter to the nearest fitting letter on its right.
 *
 * @param letters - sorted from left to right
 * @returns chains; each letter is in exactly one
 */
export function chainLetters(letters: readonly Letter[]): Letter[][] {
  const parent = letters.map((_, index) => index);
  const root = (index: number): number => {
    let at = index;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at] ?? at] ?? at;
      at = parent[at] ?? at;
    }
    return at;
  };
  letters.forEach((a, i) => {
    const height = boxHeight(a);
    let best = -1;
    let nearest = Infinity;
    for (let j = i + 1; j < letters.length; j += 1) {
      const b = letters[j];
      // The reach allows for a taller neighbour, up to the ratio of heights.
      if (b === undefined || b.left - a.right > (MAX_GAP_RATIO * height) / MIN_HEIGHT_RATIO) break;
      const gap = b.left - a.right;
      if (gap >= nearest || !canFollow(a, b)) continue;
      best = j;
      nearest = gap;
    }
    if (best >= 0) parent[root(best)] = root(i);
  });
  const chains = new Map<number, Letter[]>();
  letters.forEach((letter, index) => {
    const key = root(index);
    const members = chains.get(key);
    if (members) members.push(letter);
    else chains.set(key, [letter]);
  });
  return [...chains.values()];
}

function canFollow(a: Letter, b: Letter): boolean {
  const [aHeight, bHeight] = [boxHeight(a), boxHeight(b)];
  const [low, high] = aHeight < bHeight ? [aHeight, bHeight] : [bHeight, aHeight];
  const gap = b.left - a.right;
  return (
    low >= MIN_HEIGHT_RATIO * high &&
    gap <= MAX_GAP_RATIO * high &&
    gap >= -0.6 * Math.min(boxWidth(a), boxWidth(b)) &&
    Math.abs(a.bottom - b.bottom) <= MAX_BASE_DRIFT_RATIO * high &&
    intervalOverlap(a.top, a.bottom, b.top, b.bottom) >= 0.5 * low
  );
}

/** Smallest share of its box that a letter fills. A frame fills less. */
const MIN_FILL_SHARE = 0.08;
/** Number of letters inside a shape that make it a frame. */
const MIN_FRAMED_LETTERS = 4;

/**
 * Removes frames: rims of bubbles, boxes and tables.
 *
 * A frame would otherwise take the lines inside it for its marks.
 */
export function removeFrames(letters: readonly Letter[]): Letter[] {
  const sorted = letters.toSorted((a, b) => a.left - b.left);
  return sorted.filter((letter, index) => {
    const [width, height] = [boxWidth(letter), boxHeight(letter)];
    if (letter.area < MIN_FILL_SHARE * width * height) return false;
    if (letter.area > 0.4 * width * height) return true;
    let inside = 0;
    for (let next = index + 1; next < sorted.length; next += 1) {
      const other = sorted[next];
      if (other === undefined || other.left >= letter.right) break;
      const h = boxHeight(other);
      if (
        other.right <= letter.right &&
        other.top >= letter.top &&
        other.bottom <= letter.bottom &&
        h > 5 &&
        h < 0.6 * height
      ) {
        inside += 1;
        if (inside >= MIN_FRAMED_LETTERS) return false;
      }
    }
    return true;
  });
}
