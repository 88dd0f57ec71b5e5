import { createBits, setBit, type Bits } from '../image/bitmask.ts';
import type { Colours } from '../image/packed-colours.ts';
import { contrast, type Grounds } from './backgrounds.ts';

/** A letter differs from its ground by this much of 255 in some channel. */
export const MIN_CONTRAST = 30;
/** How far from its ground, in widths of the picture, a letter's inside may be. */
const MAX_STROKE = 0.3;

/** How every pixel differs from the ground to its left. */
export interface Comparison {
  /** By how much, 0–255. */
  ink: Uint8Array;
  /** Whether by enough for a letter. */
  mask: Uint8Array;
  /** Whether it is the darker of the two. */
  darker: Uint8Array;
  /** Grounds and what is like them: the inside of an o is too small to be a ground of its own. */
  isGround: Bits;
  groundPixels: number;
}

/** Compares every pixel with the ground to its left, as far as a letter's stroke may reach. */
export function compareWithGround(
  { width, height, data }: Colours,
  { labels, grounds }: Grounds,
): Comparison {
  const size = width * height;
  const ink = new Uint8Array(size);
  const mask = new Uint8Array(size);
  const darker = new Uint8Array(size);
  const isGround = createBits(width, height);
  const { words, stride } = isGround;
  const reach = Math.round(MAX_STROKE * width);
  let groundPixels = 0;
  for (let y = 0; y < height; y += 1) {
    let beside = 0;
    let red = 0;
    let green = 0;
    let blue = 0;
    let until = -1;
    for (let x = 0, at = y * width; x < width; x += 1, at += 1) {
      const label = labels[at] ?? 0;
      if (label === 0) {
        if (x > until) continue;
        const colour = data[at] ?? 0;
        const dr = (colour >> 20) - red;
        const dg = ((colour >> 10) & 255) - green;
        const db = (colour & 255) - blue;
        const difference = Math.max(Math.abs(dr), Math.abs(dg), Math.abs(db));
        ink[at] = difference;
        if (dr + dg + db < 0) darker[at] = 1;
        if (difference >= MIN_CONTRAST) {
          mask[at] = 1;
          continue;
        }
      } else {
        if (label !== beside) {
          beside = label;
          ({ red = 0, green = 0, blue = 0 } = grounds[label - 1] ?? {});
        }
        until = x + reach;
        groundPixels += 1;
      }
      const word = y * stride + (x >> 5);
      words[word] = (words[word] ?? 0) | (1 << (x & 31));
    }
  }
  return { ink, mask, darker, isGround, groundPixels };
}

/** Widest line between two grounds that is no letter, pixels: soft rims of bubbles, frames of panels. */
const SEAM = 7;

/** Takes the rims of grounds out of the mask: a letter has one ground on both its sides, a rim has two. */
export function clearSeams(
  mask: Uint8Array,
  isGround: Bits,
  { labels, grounds }: Grounds,
  width: number,
  height: number,
): void {
  // Of each column, and of the row: the last ground seen, and pixels since then.
  const lasts = new Uint16Array(width);
  const gaps = new Uint8Array(width);
  const isSeam = (gap: number, last: number, label: number): boolean => {
    if (gap === 0 || gap > SEAM || last === 0 || last === label) return false;
    const [one, other] = [grounds[last - 1], grounds[label - 1]];
    return one !== undefined && other !== undefined && contrast(one, other) >= MIN_CONTRAST;
  };
  const take = (x: number, y: number) => {
    mask[y * width + x] = 0;
    setBit(isGround, x, y);
  };
  for (let y = 0; y < height; y += 1) {
    let last = 0;
    let gap = 0;
    for (let x = 0, at = y * width; x < width; x += 1, at += 1) {
      const label = labels[at] ?? 0;
      const columnGap = gaps[x] ?? 0;
      if (label === 0) {
        gap += 1;
        if (columnGap <= SEAM) gaps[x] = columnGap + 1;
        continue;
      }
      if (label !== last) {
        if (isSeam(gap, last, label)) for (let back = 1; back <= gap; back += 1) take(x - back, y);
        last = label;
      }
      gap = 0;
      if (label !== lasts[x]) {
        if (isSeam(columnGap, lasts[x] ?? 0, label))
          for (let back = 1; back <= columnGap; back += 1) take(x, y - back);
        lasts[x] = label;
      }
      if (columnGap !== 0) gaps[x] = 0;
    }
  }
}
