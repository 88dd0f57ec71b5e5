import { boxWidth, type PixelBox } from '../image/raster.ts';
import type { Letter, Letters } from '../detect/letter.ts';

/** Letters of one written line. */
export interface TextLine extends PixelBox {
  /** The letters proper, from left to right. */
  letters: Letter[];
  /** Dots, rings, commas and what else belongs to them but is much smaller. */
  marks: Letter[];
  /** Height of a letter in pixels: that of the taller ones (capitals, or small letters that rise or fall). */
  height: number;
  /** Rise of the base line, pixels down per pixel to the right. */
  slope: number;
  /** Base line at x = 0. */
  base: number;
}

/** A line with the label map and ink map that its letters come from. */
export interface PageLine {
  line: TextLine;
  source: Letters;
}

/** Height of the base line at x, pixels from the top. */
export const baseAt = (line: TextLine, x: number): number => line.base + line.slope * x;

/** Letters a line is likely to hold, when some of its patches are several letters that touch. */
export function estimateLetters({ letters, height }: TextLine): number {
  return letters.reduce((sum, letter) => sum + Math.max(1, Math.round(boxWidth(letter) / (0.7 * height))), 0);
}
