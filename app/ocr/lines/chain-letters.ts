import type { Letter } from '../detect/letter.ts';
import { boxHeight, boxWidth, shared } from '../image/raster.ts';

/** Letters of one line differ in height by no more than this ratio (x to l). */
export const LIKE_HEIGHT = 0.45;
/** Widest gap inside a line, in heights of the taller neighbour: two word spaces. */
export const GAP = 1.15;
/** Base lines of neighbours may differ by this many heights: falling letters do. */
export const STAGGER = 0.36;

/** Joins each letter to the nearest fitting one on its right; each letter is in one chain. Letters come from left to right. */
export function chain(letters: readonly Letter[]): Letter[][] {
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
      // The widest reach: the taller neighbour may be higher than this letter by the ratio of heights.
      if (b === undefined || b.left - a.right > (GAP * height) / LIKE_HEIGHT) break;
      const gap = b.left - a.right;
      if (gap >= nearest || !fits(a, b)) continue;
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

function fits(a: Letter, b: Letter): boolean {
  const [aHeight, bHeight] = [boxHeight(a), boxHeight(b)];
  const [low, high] = aHeight < bHeight ? [aHeight, bHeight] : [bHeight, aHeight];
  const gap = b.left - a.right;
  return (
    low >= LIKE_HEIGHT * high &&
    gap <= GAP * high &&
    gap >= -0.6 * Math.min(boxWidth(a), boxWidth(b)) &&
    Math.abs(a.bottom - b.bottom) <= STAGGER * high &&
    shared(a.top, a.bottom, b.top, b.bottom) >= 0.5 * low
  );
}

/** A letter fills at least this much of its box; a frame does not. */
const MIN_FILL = 0.08;
/** Letters of a line that a frame has inside it. */
const FRAMED = 4;

/** Leaves out frames (rims of bubbles, boxes, tables): they would take the lines inside them for their dots. */
export function withoutFrames(letters: readonly Letter[]): Letter[] {
  const sorted = letters.toSorted((a, b) => a.left - b.left);
  return sorted.filter((letter, index) => {
    const [width, height] = [boxWidth(letter), boxHeight(letter)];
    if (letter.area < MIN_FILL * width * height) return false;
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
        if (inside >= FRAMED) return false;
      }
    }
    return true;
  });
}
