import { boxWidth, type Box } from '../image/raster.ts';
import type { Letter } from '../detect/letter.ts';

/** Letters of one written line. */
export interface Row extends Box {
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

/** Height of the base line at x, pixels from the top. */
export const baseAt = (row: Row, x: number): number => row.base + row.slope * x;

/** Letters a line is likely to hold, when some of its patches are several letters that touch. */
export function estimateLetters({ letters, height }: Row): number {
  return letters.reduce((sum, letter) => sum + Math.max(1, Math.round(boxWidth(letter) / (0.7 * height))), 0);
}
