import { createBitmask, setBit, type Bitmask } from '../image/bitmask.ts';
import type { PackedColours } from '../image/packed-colours.ts';
import { contrast, type Backgrounds } from './backgrounds.ts';

/** Smallest difference between a letter and its background in any channel, of 255. */
export const MIN_LETTER_CONTRAST = 30;
/** Largest stroke width of a letter, as a share of the picture width. */
const MAX_STROKE_SHARE = 0.3;

/** Difference of every pixel from the background on its left. */
export interface Comparison {
  /** Largest difference of the channels, 0–255. */
  ink: Uint8Array;
  /** 1 where the difference is enough for a letter. */
  mask: Uint8Array;
  /** 1 where the pixel is darker than its background. */
  darker: Uint8Array;
  /**
   * Backgrounds and pixels like them. The inside of an o is too small to be a background of its
   * own.
   */
  isBackground: Bitmask;
  backgroundPixels: number;
}

/** Compares every pixel with the background on its left, within the reach of a letter's stroke. */
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

/** Widest seam between two backgrounds, pixels: soft rims of bubbles, frames of panels. */
const MAX_SEAM_PX = 7;

/**
 * Removes seams between backgrounds from the mask. A letter has the same background on both sides;
 * a seam has two.
 */
export function clearSeams(
  mask: Uint8Array,
  isBackground: Bitmask,
  { labels, backgrounds }: Backgrounds,
  width: number,
  height: number,
): void {
  // For each column and for the row: the last background, and the number of pixels since it.
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
