import { createBitmask, setBit, type Bitmask } from '../image/bitmask.ts';
import type { PackedColours } from '../image/packed-colours.ts';
import { contrast, type Backgrounds } from './backgrounds.ts';

/** A letter differs from its background by this much of 255 in some channel. */
export const MIN_LETTER_CONTRAST = 30;
/** How far from its background, in widths of the picture, a letter's inside may be. */
const MAX_STROKE_SHARE = 0.3;

/** How every pixel differs from the background to its left. */
export interface Comparison {
  /** By how much, 0–255. */
  ink: Uint8Array;
  /** Whether by enough for a letter. */
  mask: Uint8Array;
  /** Whether it is the darker of the two. */
  darker: Uint8Array;
  /** Backgrounds and what is like them: the inside of an o is too small to be a background of its own. */
  isBackground: Bitmask;
  backgroundPixels: number;
}

/** Compares every pixel with the background to its left, as far as a letter's stroke may reach. */
export function compareWithBackground(
  { width, height, data }: PackedColours,
  { labels, backgrounds }: Backgrounds,
): Comparison {
  const size = width * height;
  const ink = new Uint8Array(size);
  const mask = new Uint8Array(size);
  const darker = new Uint8Array(size);
  const isBackground = createBitmask(width, height);
  const { words, stride } = isBackground;
  const reach = Math.round(MAX_STROKE_SHARE * width);
  let backgroundPixels = 0;
  for (let y = 0; y < height; y += 1) {
    let current = 0;
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
        if (difference >= MIN_LETTER_CONTRAST) {
          mask[at] = 1;
          continue;
        }
      } else {
        if (label !== current) {
          current = label;
          ({ red = 0, green = 0, blue = 0 } = backgrounds[label - 1] ?? {});
        }
        until = x + reach;
        backgroundPixels += 1;
      }
      const word = y * stride + (x >> 5);
      words[word] = (words[word] ?? 0) | (1 << (x & 31));
    }
  }
  return { ink, mask, darker, isBackground, backgroundPixels };
}

/** Widest line between two backgrounds that is no letter, pixels: soft rims of bubbles, frames of panels. */
const MAX_SEAM_PX = 7;

/** Takes the rims of backgrounds out of the mask: a letter has one background on both its sides, a rim has two. */
export function clearSeams(
  mask: Uint8Array,
  isBackground: Bitmask,
  { labels, backgrounds }: Backgrounds,
  width: number,
  height: number,
): void {
  // Of each column, and of the row: the last background seen, and pixels since then.
  const lasts = new Uint16Array(width);
  const gaps = new Uint8Array(width);
  const isSeam = (gap: number, last: number, label: number): boolean => {
    if (gap === 0 || gap > MAX_SEAM_PX || last === 0 || last === label) return false;
    const [one, other] = [backgrounds[last - 1], backgrounds[label - 1]];
    return one !== undefined && other !== undefined && contrast(one, other) >= MIN_LETTER_CONTRAST;
  };
  const clearPixel = (x: number, y: number) => {
    mask[y * width + x] = 0;
    setBit(isBackground, x, y);
  };
  for (let y = 0; y < height; y += 1) {
    let last = 0;
    let gap = 0;
    for (let x = 0, at = y * width; x < width; x += 1, at += 1) {
      const label = labels[at] ?? 0;
      const columnGap = gaps[x] ?? 0;
      if (label === 0) {
        gap += 1;
        if (columnGap <= MAX_SEAM_PX) gaps[x] = columnGap + 1;
        continue;
      }
      if (label !== last) {
        if (isSeam(gap, last, label)) for (let back = 1; back <= gap; back += 1) clearPixel(x - back, y);
        last = label;
      }
      gap = 0;
      if (label !== lasts[x]) {
        if (isSeam(columnGap, lasts[x] ?? 0, label))
          for (let back = 1; back <= columnGap; back += 1) clearPixel(x, y - back);
        lasts[x] = label;
      }
      if (columnGap !== 0) gaps[x] = 0;
    }
  }
}
