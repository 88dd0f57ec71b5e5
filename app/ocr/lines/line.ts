import { boxWidth, type PixelBox } from '../image/raster.ts';
import type { Letter, Letters } from '../detect/letter.ts';

/** A text line: its letters, marks and base line, in working pixels. */
export interface TextLine extends PixelBox {
  /** Letters without marks, from left to right. */
  letters: Letter[];
  /** Marks: dots, rings, commas and other patches much smaller than letters. */
  marks: Letter[];
  /**
   * Letter height in pixels: the height of the taller letters (capitals, ascenders, descenders).
   */
  height: number;
  /** Slope of the base line, pixels down per pixel to the right. */
  slope: number;
  /** Height of the base line at x = 0, pixels from the top. */
  base: number;
}

/** A text line with the label map and the ink map of its letters. */
export interface PageLine {
  line: TextLine;
  source: Letters;
}

/** Computes the height of the base line at x, pixels from the top. */
export const baseAt = (line: TextLine, x: number): number => line.base + line.slope * x;

/** Estimates the number of letters in a line. A wide patch counts as several letters that touch. */
export function estimateLetters({ letters, height }: TextLine): number {
  return letters.reduce((sum, letter) => sum + Math.max(1, Math.round(boxWidth(letter) / (0.7 * height))), 0);
}
