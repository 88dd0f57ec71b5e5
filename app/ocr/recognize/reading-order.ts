import { intervalOverlap, unionBox, type PixelBox } from '../image/raster.ts';
import type { Reading } from './readings.ts';

interface Block extends PixelBox {
  lines: Reading[];
}

/** Largest vertical gap between lines of one block, in letter heights. */
const MAX_LINE_GAP_RATIO = 1.3;

/**
 * Sorts lines into reading order.
 *
 * Lines close below each other form a block (a caption, a bubble, the text of a panel). Blocks go
 * from top to bottom; blocks side by side go from left to right.
 */
export function sortInReadingOrder(readings: readonly Reading[]): Reading[] {
  const blocks: Block[] = [];
  for (const line of readings.toSorted((a, b) => a.top - b.top || a.left - b.left)) {
    const block = blocks.find((candidate) => continues(candidate, line));
    if (block) Object.assign(block, unionBox(block, line), { lines: [...block.lines, line] });
    else
      blocks.push({ left: line.left, top: line.top, right: line.right, bottom: line.bottom, lines: [line] });
  }
  return bands(blocks).flatMap(({ lines }) => lines);
}

function continues(block: Block, line: Reading): boolean {
  const last = block.lines.at(-1);
  if (last === undefined) return false;
  const high = Math.max(last.height, line.height);
  const beside =
    intervalOverlap(last.top, last.bottom, line.top, line.bottom) > 0.5 * Math.min(last.height, line.height);
  const across = intervalOverlap(last.left, last.right, line.left, line.right);
  if (beside) return -across <= 2 * high;
  return (
    Math.min(last.height, line.height) >= 0.6 * high &&
    line.top - last.bottom <= MAX_LINE_GAP_RATIO * high &&
    across > 0.3 * Math.min(last.right - last.left, line.right - line.left)
  );
}

/** Orders blocks in bands. Blocks with their middles side by side go from left to right. */
function bands(blocks: readonly Block[]): Block[] {
  const ordered: Block[] = [];
  let band: Block[] = [];
  let bottom = -Infinity;
  for (const block of blocks.toSorted((a, b) => a.top - b.top)) {
    if (band.length > 0 && (block.top + block.bottom) / 2 > bottom) {
      ordered.push(...band.sort((a, b) => a.left - b.left));
      band = [];
      bottom = -Infinity;
    }
    bottom = Math.max(bottom, block.bottom);
    band.push(block);
  }
  return [...ordered, ...band.sort((a, b) => a.left - b.left)];
}
