import type { Letter, Letters } from '../detect/letter.ts';
import type { Grey } from '../image/raster.ts';
import { resize } from '../image/resize.ts';
import type { PageLine } from '../lines/line.ts';
import { toWidenedX, type Space } from './widen-spaces.ts';

/** Padding around a line, pixels. Scaling needs white pixels at the edges. */
export const LINE_PADDING_PX = 1;

/**
 * Draws a line straight, black on white.
 *
 * @param scale - page pixels per working pixel
 * @param squeeze - extra horizontal scale, at most 1
 * @param spaces - space added between words
 */
export function renderLine(
  { line, source }: PageLine,
  { scale, squeeze, spaces }: { scale: number; squeeze: number; spaces: readonly Space[] },
): Grey {
  const width = toWidenedX(line.right, spaces) - line.left + 2 * LINE_PADDING_PX;
  const parts = [...line.letters, ...line.marks];
  const centre = (line.left + line.right) / 2;
  const shift = (x: number) => line.slope * (x - centre);
  const top =
    Math.floor(Math.min(...parts.map((part) => part.top - Math.max(shift(part.left), shift(part.right))))) -
    LINE_PADDING_PX;
  const bottom =
    Math.ceil(Math.max(...parts.map((part) => part.bottom - Math.min(shift(part.left), shift(part.right))))) +
    LINE_PADDING_PX;
  const height = bottom - top;
  const ink = new Uint8Array(width * height);
  for (const part of parts)
    copyLetter(part, source, ink, {
      width,
      height,
      left: line.left - LINE_PADDING_PX,
      top,
      shift,
    });
  return resize({ width, height, data: ink }, scale * squeeze, scale);
}

/**
 * Copies a letter's ink at full contrast, with its soft edge. Each column moves by the slope of the
 * line.
 */
function copyLetter(
  letter: Letter,
  { width: sourceWidth, height: sourceHeight, labels, ink }: Letters,
  target: Uint8Array,
  frame: {
    width: number;
    height: number;
    left: number;
    top: number;
    shift: (x: number) => number;
  },
): void {
  const gain = 255 / letter.bodyInk;
  const fromX = Math.max(0, letter.left - 1);
  const toX = Math.min(sourceWidth, letter.right + 1);
  const fromY = Math.max(0, letter.top - 1);
  const toY = Math.min(sourceHeight, letter.bottom + 1);
  for (let x = fromX; x < toX; x += 1) {
    const column = x - frame.left;
    if (column < 0 || column >= frame.width) continue;
    const offset = frame.shift(x) + frame.top;
    const whole = Math.floor(offset);
    const part = offset - whole;
    for (let y = fromY; y < toY; y += 1) {
      const at = y * sourceWidth + x;
      const label = labels[at] ?? 0;
      const mine =
        label === letter.id ||
        (label === 0 &&
          ((x > 0 && labels[at - 1] === letter.id) ||
            (x + 1 < sourceWidth && labels[at + 1] === letter.id) ||
            (y > 0 && labels[at - sourceWidth] === letter.id) ||
            (y + 1 < sourceHeight && labels[at + sourceWidth] === letter.id)));
      if (!mine) continue;
      const value = Math.min(255, (ink[at] ?? 0) * gain);
      // A fractional shift is divided between two pixel rows.
      const targetY = y - whole;
      addInk(target, frame, column, targetY, value * (1 - part));
      if (part > 0) addInk(target, frame, column, targetY - 1, value * part);
    }
  }
}

function addInk(
  target: Uint8Array,
  { width, height }: { width: number; height: number },
  x: number,
  y: number,
  value: number,
) {
  if (y < 0 || y >= height) return;
  const at = y * width + x;
  target[at] = Math.min(255, (target[at] ?? 0) + value);
}
